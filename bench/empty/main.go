// Command empty does nothing: it is what start-up is measured against.
package main

func main() {}
