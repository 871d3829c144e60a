package session

// Remembered is how many entries the keeper has.
func (k *Keeper) Remembered() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.entries)
}
