package web_test
import ("testing";"net/http";"fmt")
func TestAll(t *testing.T) {
	site := sampleSite(t)
	for _, p := range []string{"/","/host/192.0.2.17","/channel?dst=203.0.113.66&port=8443&proto=tcp&src=192.0.2.17","/findings","/finding/beacon-0123456789ab","/compare","/top/sources","/flows","/sql","/about","/explain?host=192.0.2.17","/chart/timeline","/chart/week","/chart/hours","/chart/world","/chart/edges","/world","/chart/exhibit?id=beacon-0123456789ab&exhibit=1","/flows.csv","/sql.csv?q=SELECT+1","/report.json"} {
		w := request(t, site, p)
		fmt.Println(p, w.Code, w.Body.Len())
		want(t, w, http.StatusOK)
	}
}
