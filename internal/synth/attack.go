package synth

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Attack orders one attack. The same kind may be ordered several times.
type Attack struct {
	Name     string
	Strength float64            // 1 if zero; AttackKind.Scale says of what
	Params   map[string]float64 // in place of the kind's defaults
}

// Param is one number that shapes an attack.
type Param struct {
	Name              string
	Default, Min, Max float64
	Doc               string // one phrase, with the unit
}

// AttackKind is an attack that can be ordered.
type AttackKind struct {
	Name     string
	Detector string // the detector that should find it
	Doc      string
	Scale    string // what Strength multiplies
	On       Kind   // Judge, or Servers
	Profile  Profile
	Params   []Param

	hosts int // devices it takes
	plant func(*plot)
}

// AttackKinds lists every attack, in the order in which a capture with all of them plants them.
func AttackKinds() []AttackKind { return slices.Clone(attackKinds) }

// ParseAttack reads "name" or "name:param=number,...", where strength is a param too.
func ParseAttack(text string) (Attack, error) {
	name, rest, _ := strings.Cut(text, ":")
	attack := Attack{Name: name, Params: map[string]float64{}}
	for part := range strings.SplitSeq(rest, ",") {
		if part == "" {
			continue
		}
		key, number, _ := strings.Cut(part, "=")
		value, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return Attack{}, fmt.Errorf("attack %q: %q is not param=number", text, part)
		}
		if key == "strength" {
			if attack.Strength = value; value == 0 {
				return Attack{}, fmt.Errorf("attack %q: a strength of 0 is no attack", text)
			}
		} else {
			attack.Params[key] = value
		}
	}
	_, err := attack.kind()
	return attack, err
}

func (a Attack) kind() (*AttackKind, error) {
	names := make([]string, len(attackKinds))
	for i := range attackKinds {
		if names[i] = attackKinds[i].Name; names[i] == a.Name {
			return &attackKinds[i], nil
		}
	}
	return nil, fmt.Errorf("unknown attack %q, use %s", a.Name, strings.Join(names, ", "))
}

// check tells whether the attack can be planted in a capture of these options.
func (a Attack) check(o Options) error {
	kind, err := a.kind()
	if err != nil {
		return err
	}
	if err := kind.fits(o); err != nil {
		return err
	}
	if a.Strength != 0 && !(a.Strength >= 0.01 && a.Strength <= 100) {
		return fmt.Errorf("attack %s: strength is %v, must be 0.01 to 100", a.Name, a.Strength)
	}
	for _, name := range slices.Sorted(maps.Keys(a.Params)) {
		if err := kind.checkParam(name, a.Params[name]); err != nil {
			return err
		}
	}
	return nil
}

func (k *AttackKind) checkParam(name string, value float64) error {
	var known []string
	for _, param := range k.Params {
		if known = append(known, param.Name); param.Name != name {
			continue
		}
		if !(value >= param.Min && value <= param.Max) {
			return fmt.Errorf("attack %s: %s is %v, must be %v to %v", k.Name, name, value, param.Min, param.Max)
		}
		return nil
	}
	return fmt.Errorf("attack %s has no param %q, use strength, %s", k.Name, name, strings.Join(known, ", "))
}

// fits returns an error where captures of these options cannot hold such attacks.
func (k *AttackKind) fits(o Options) error {
	if k.On != o.Kind {
		return fmt.Errorf("attack %s belongs into a %s capture, this one is %s", k.Name, k.On, o.Kind)
	}
	if k.Profile == Office && o.Profile != Office {
		return fmt.Errorf("attack %s needs the %s profile", k.Name, Office)
	}
	return nil
}

// complete fills in the strength and the params that the order leaves open.
func (a Attack) complete(kind *AttackKind) Attack {
	fill(&a.Strength, 1)
	params := map[string]float64{}
	for _, param := range kind.Params {
		params[param.Name] = param.Default
	}
	maps.Copy(params, a.Params)
	a.Params = params
	return a
}
