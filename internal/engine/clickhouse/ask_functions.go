package clickhouse

import "strings"

// functions that questions may use, in lower case. They work on the values that they are given: none reads a file, a
// table or the settings of the server, calls another machine, waits, or tells about the server.
var functions = wordsOf(`
	count sum min max avg any anylast anyheavy argmin argmax uniq uniqexact uniqcombined uniqhll12 sumwithoverflow median quantile quantiles quantileexact
	quantilesexact quantiledeterministic quantiletdigest quantilestdigest quantiletiming mediantexact medianexact mediantdigest varpop varsamp stddevpop stddevsamp covarpop
	covarsamp corr skewpop skewsamp kurtpop kurtsamp grouparray groupuniqarray grouparraymovingsum grouparraymovingavg groupbitand groupbitor groupbitxor topk
	topkweighted sequencematch sequencecount windowfunnel retention entropy simplelinearregression histogram boundingratio deltasum sumkahan

	row_number rank dense_rank first_value last_value lag lead laginframe leadinframe ntile over

	plus minus multiply divide intdiv intdivorzero modulo negate abs gcd lcm exp log ln exp2 log2 exp10 log10 sqrt cbrt pow power sin cos tan asin acos atan
	pi e sign floor ceil ceiling round trunc truncate roundtoexp2 roundduration roundage greatest least erf erfc lgamma tgamma
	equals notequals less greater lessorequals greaterorequals and or xor not if multiif coalesce ifnull nullif isnull isnotnull assumenotnull tonullable
	isfinite isinfinite isnan case transform

	bitand bitor bitxor bitnot bitshiftleft bitshiftright bittest bitcount

	toint8 toint16 toint32 toint64 touint8 touint16 touint32 touint64 tofloat32 tofloat64 todecimal32 todecimal64 todecimal128 tostring todate todatetime
	todatetime64 tofixedstring cast reinterpretasuint64 reinterpretasint64 totypename toint8orzero toint16orzero toint32orzero toint64orzero touint8orzero
	touint16orzero touint32orzero touint64orzero tofloat32orzero tofloat64orzero toint64ornull touint64ornull tofloat64ornull parsedatetimebesteffort
	toyear toquarter tomonth todayofyear todayofmonth todayofweek tohour tominute tosecond tostartofyear tostartofquarter tostartofmonth tostartofweek tomonday
	tostartofday tostartofhour tostartofminute tostartoffiveminute tostartoftenminutes tostartoffifteenminutes tostartofinterval totime tounixtimestamp
	torelativehournum torelativedaynum torelativeweeknum torelativeminutenum toyyyymm toyyyymmdd toyyyymmddhhmmss fromunixtimestamp fromunixtimestamp64micro
	fromunixtimestamp64milli datediff date_diff date_trunc datetrunc dateadd datesub addyears addmonths addweeks adddays addhours addminutes addseconds
	subtractyears subtractmonths subtractweeks subtractdays subtracthours subtractminutes subtractseconds formatdatetime timeslot timeslots now today yesterday
	tointervalsecond tointervalminute tointervalhour tointervalday tointervalweek tointervalmonth tointervalquarter tointervalyear

	empty notempty length lengthutf8 char_length character_length lower upper lcase ucase lowerutf8 upperutf8 reverse reverseutf8 concat substring substr mid
	substringutf8 left right trim triml trimr trimleft trimright trimboth ltrim rtrim startswith endswith appendtrailingcharifabsent position locate
	positioncaseinsensitive positionutf8 multisearchany multisearchfirstposition multisearchfirstindex match multimatchany like notlike ilike extract extractall
	replace replaceone replaceall replaceregexpone replaceregexpall splitbychar splitbystring alphatokens arraystringconcat hex unhex base64encode base64decode
	countsubstrings leftpad rightpad lpad rpad ascii tovalidutf8

	domain domainwithoutwww topleveldomain firstsignificantsubdomain cuttofirstsignificantsubdomain cuttofirstsignificantsubdomain protocol path
	halfmd5 md5 sha1 sha224 sha256 siphash64 siphash128 cityhash64 inthash32 inthash64 farmhash64 metrohash64 murmurhash2_32 murmurhash3_64 xxhash32 xxhash64
	ipv4numtostring ipv4stringtonum ipv4numtostringclassc ipv6numtostring ipv6stringtonum ipv4toipv6 cutipv6 isipv4string isipv6string isipaddressinrange
	ipv4cidrtorange ipv6cidrtorange toipv4 toipv6

	array arrayjoin arrayconcat arrayelement has hasall hasany indexof countequal arrayenumerate arrayenumerateuniq arrayenumeratedense arraypopback
	arraypopfront arraypushback arraypushfront arrayslice arrayuniq arraydistinct arraydifference arrayreduce arrayreverse arraysort arrayreversesort arraymap
	arrayfilter arraycount arraysum arrayavg arraymin arraymax arrayall arrayexists arrayfirst arrayfirstindex arraycumsum arrayzip arrayintersect
	arraycompact arrayflatten emptyarraystring emptyarrayint64 range tuple tupleelement untuple map mapkeys mapvalues mapcontains

	formatreadablesize formatreadablequantity formatreadabletimedelta bar runningdifference neighbor rownumberinblock rownumberinallblocks
	materialize identity ignore rand rand32 rand64 cube rollup grouping date datetime string tuple nullable
	int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 decimal fixedstring lowcardinality
`)

// combinators may stand behind the name of a function that aggregates.
var combinators = []string{"if", "array", "distinct", "ornull", "ordefault", "foreach"}

func wordsOf(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// knownFunction tells whether questions may use a function. The server may tell capital letters from small ones; then it
// has no other function of that name, so it refuses the one.
func knownFunction(name string) bool {
	name = strings.ToLower(name)
	if functions[name] {
		return true
	}
	for _, combinator := range combinators {
		if base, ok := strings.CutSuffix(name, combinator); ok && functions[base] {
			return true
		}
	}
	return false
}
