# Keeps a throw-away server for as long as somebody holds its door, then removes all trace of it.
# usage: sh -c keeper.sh keeper <home> <seconds to linger> <postgres> <arguments …>
#
# The door is a FIFO, and our stdin its reading end. Whoever uses the server has it open for writing, so we read
# the end of the file when the last user is gone, whether it left or was killed: the kernel does the counting.
trap '' HUP INT TERM
home=$1 linger=$2
shift 2
cd "$home" || exit
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{
	cat
	sleep "$linger"
	mv door closed # from here on nobody comes in; who slipped in before is still counted
	cat
	kill -QUIT "$server"
} <&3 >/dev/null 2>&1 3<&- &
watcher=$!
wait "$server"
kill -KILL "$watcher" # when the server ended by itself, its number may become another's
cd / && rm -rf "$home"
