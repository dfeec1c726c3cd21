package analysis

import (
	"fmt"

	"sentinel/internal/geo"
	"sentinel/internal/input"
	"sentinel/internal/measure"
	"sentinel/internal/report"
)

// openPlaces opens the databases that the user names; the built-in table serves where none tells countries.
func openPlaces(country, owner string, provenance *report.Provenance) (measure.Places, error) {
	places := measure.Places{Countries: geo.Builtin()}
	if country != "" {
		database, err := openDatabase(country, "countries", (*geo.Database).HasCountries)
		if err != nil {
			return places, err
		}
		places.Countries = database
	}
	provenance.Databases = append(provenance.Databases, describe("countries", places.Countries.Info()))
	if owner == "" {
		return places, nil
	}
	database, err := openDatabase(owner, "owners", (*geo.Database).HasOwners)
	if err != nil {
		return places, err
	}
	places.Owners = database
	provenance.Databases = append(provenance.Databases, describe("owners", database.Info()))
	return places, nil
}

func openDatabase(path, what string, has func(*geo.Database) bool) (*geo.Database, error) {
	database, err := geo.Open(path)
	if err != nil {
		return nil, &input.Error{Name: path, Hint: "leave the flag out to use what is built in", Err: err}
	}
	if !has(database) {
		return nil, &input.Error{Name: path, Hint: "-gi takes a database of countries, -gin one of AS numbers or organisations",
			Err: fmt.Errorf("%s, %s: tells no %s", database.Info().Kind, database.Info().Edition, what)}
	}
	return database, nil
}

func describe(what string, info geo.Info) string {
	text := what + ": " + info.Kind
	if info.Path != "" {
		text += " " + info.Path
	}
	if info.Built != "" {
		text += " of " + info.Built
	}
	return text
}

// Places opens the databases of countries and owners that options name.
func Places(options Options) (measure.Places, error) {
	return openPlaces(options.Country, options.Owner, &report.Provenance{})
}
