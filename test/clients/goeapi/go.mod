module eosflow-goeapi-driver

go 1.19

require github.com/aristanetworks/goeapi v1.0.0

require (
	github.com/mitchellh/mapstructure v1.5.0 // indirect
	github.com/vaughan0/go-ini v0.0.0-20130923145212-a98ad7ee00ec // indirect
)
