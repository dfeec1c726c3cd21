package geo

// edition is one kind of legacy file.
type edition struct {
	name    string
	wide    bool                             // over IPv6 addresses
	width   int                              // bytes of a record in the trie; 0: not supported
	begin   uint32                           // the first value that is a leaf; 0: the structure block tells, as the number of nodes
	country func(l *legacy, leaf uint32) int // index into legacyCountries; nil in an edition of names
}

func (e edition) supported() bool { return e.width != 0 }

// The first leaves of the editions that do not tell their number of nodes.
const (
	countryBegin      = 0xffff00
	largeCountryBegin = 0xfc0000
	region0Begin      = 16700000
	region1Begin      = 16000000
)

// editions are those that libGeoIP names, by number.
var editions = map[byte]edition{
	1:  {name: "Country", width: 3, begin: countryBegin, country: leafCountry},
	2:  {name: "City, Rev 1", width: 3, country: cityCountry},
	3:  {name: "Region, Rev 1", width: 3, begin: region1Begin, country: region1Country},
	4:  {name: "ISP", width: 4},
	5:  {name: "Organization", width: 4},
	6:  {name: "City, Rev 0", width: 3, country: cityCountry},
	7:  {name: "Region, Rev 0", width: 3, begin: region0Begin, country: region0Country},
	8:  {name: "Proxy"},
	9:  {name: "ASNum", width: 3},
	10: {name: "Netspeed"},
	11: {name: "Domain Name"},
	12: {name: "Country V6", wide: true, width: 3, begin: countryBegin, country: leafCountry},
	13: {name: "LocationID ASCII"},
	14: {name: "Accuracy Radius"},
	17: {name: "Large Country", width: 3, begin: largeCountryBegin, country: leafCountry},
	18: {name: "Large Country V6", wide: true, width: 3, begin: largeCountryBegin, country: leafCountry},
	20: {name: "CCM"},
	21: {name: "ASNum V6", wide: true, width: 3},
	22: {name: "ISP V6", wide: true, width: 4},
	23: {name: "Organization V6", wide: true, width: 4},
	24: {name: "Domain Name V6"},
	25: {name: "LocationID ASCII V6"},
	26: {name: "Registrar"},
	27: {name: "Registrar V6"},
	28: {name: "UserType"},
	29: {name: "UserType V6"},
	30: {name: "City V6, Rev 1", wide: true, width: 3, country: cityCountry},
	31: {name: "City V6, Rev 0", wide: true, width: 3, country: cityCountry},
	32: {name: "Netspeed, Rev 1"},
	33: {name: "Netspeed V6, Rev 1"},
	34: {name: "Country Confidence"},
	35: {name: "City Confidence"},
	36: {name: "Region Confidence"},
	37: {name: "Postal Confidence"},
	38: {name: "Accuracy Radius V6"},
}

func leafCountry(l *legacy, leaf uint32) int { return int(leaf - l.trie.begin) }

// cityCountry reads the first byte of a city's record.
func cityCountry(l *legacy, leaf uint32) int {
	record := l.record(leaf)
	if len(record) == 0 {
		return 0
	}
	return int(record[0])
}

// The numbers of the two countries whose regions the Region editions tell apart.
const (
	unitedStates = 225
	canada       = 38
)

// region0Country: a leaf is a country's number or, from 1000, a state of the United States.
func region0Country(_ *legacy, leaf uint32) int {
	if number := int(leaf - region0Begin); number < 1000 {
		return number
	}
	return unitedStates
}

// region1Country: a leaf is nothing, one of 26*26 states of the United States, one of 26*26 provinces
// of Canada, or one of 360 regions of each country.
func region1Country(_ *legacy, leaf uint32) int {
	const (
		states    = 1
		provinces = states + 26*26
		regions   = provinces + 26*26
	)
	switch number := int(leaf - region1Begin); {
	case number < states:
		return 0
	case number < provinces:
		return unitedStates
	case number < regions:
		return canada
	default:
		return (number - regions) / 360
	}
}

// legacyCountries are the codes by number, two letters each, as libGeoIP 1.6.12 knows them. Number 0 is
// no country.
const legacyCountries = "" +
	"--APEUADAEAFAGAIALAMCWAOAQARASATAUAWAZBABBBDBEBFBGBHBIBJBMBNBOBR" +
	"BSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCXCYCZDEDJDKDMDODZECEE" +
	"EGEHERESETFIFJFKFMFOFRSXGAGBGDGEGFGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM" +
	"HNHRHTHUIDIEILINIOIQIRISITJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILK" +
	"LRLSLTLULVLYMAMCMDMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNG" +
	"NINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORURWSASBSCSDSE" +
	"SGSHSISJSKSLSMSNSOSRSTSVSYSZTCTDTFTGTHTJTKTMTNTOTLTRTTTVTWTZUAUG" +
	"UMUSUYUZVAVCVEVGVIVNVUWFWSYEYTRSZAZMMEZWA1A2O1AXGGIMJEBLMFBQSSO1"
