package api

import (
	"reflect"
	"sync"
	"time"
)

// The API gives every instant in UTC, wherever the server stands.

var timeType = reflect.TypeFor[time.Time]()

var timed sync.Map // reflect.Type → bool

// hasTime tells whether values of a type hold instants.
func hasTime(t reflect.Type) bool {
	if known, ok := timed.Load(t); ok {
		return known.(bool)
	}
	has := t == timeType
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		has = hasTime(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if !has && f.IsExported() {
				has = hasTime(f.Type)
			}
		}
	}
	timed.Store(t, has)
	return has
}

// inUTC gives v with all its instants in UTC.
func inUTC(v any) any {
	c := reflect.New(reflect.TypeOf(v)).Elem()
	c.Set(reflect.ValueOf(v))
	toUTC(c)
	return c.Interface()
}

func toUTC(v reflect.Value) {
	if !hasTime(v.Type()) {
		return
	}
	if v.Type() == timeType {
		if v.CanSet() {
			v.Set(reflect.ValueOf(v.Interface().(time.Time).UTC()))
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			toUTC(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			toUTC(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				toUTC(v.Field(i))
			}
		}
	}
}
