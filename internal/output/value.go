package output

import "fmt"

// Values prints a row of an answer in SQL.
func Values(values []any) []string {
	row := make([]string, len(values))
	for i, value := range values {
		row[i] = Value(value)
	}
	return row
}

// Value prints a value of an answer in SQL, unescaped; NULL is nothing.
func Value(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case []byte:
		return fmt.Sprintf("%x", value)
	}
	return fmt.Sprint(value)
}
