package service

import (
	"errors"
	"net/http"
	"time"
)

type clock struct {
	Time   string `json:"time"`   // ISO 8601 to the second, with the offset
	Offset string `json:"offset"` // +05:45
}

// timeInZone tells the time in ?tz=, a name of the time zone database; UTC when there is none.
func timeInZone(w http.ResponseWriter, r *http.Request) {
	answer, err := clockIn(r.URL.Query().Get("tz"), time.Now())
	if err != nil {
		replyError(w, http.StatusInternalServerError, err.Error())
		return
	}
	reply(w, http.StatusOK, answer)
}

func clockIn(zone string, instant time.Time) (clock, error) {
	if zone == "Local" { // a word of LoadLocation, not a zone
		return clock{}, errors.New("unknown time zone Local")
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return clock{}, err
	}
	there := instant.In(location)
	return clock{there.Format("2006-01-02T15:04:05-07:00"), there.Format("-07:00")}, nil
}
