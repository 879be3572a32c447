# SPDX-License-Identifier: Apache-2.0
# story.sh: read by demo.sh: the stories of two invented persons, with the commands that staff type. One line a step: who, which
# command, what came back. Every step fails the demo when its answer is another one; states are read back with --json.
# shellcheck shell=sh

steps=0 said=''
# does WHO WHAT-MUST-COME-BACK VERB ARGUMENTS...: a step; its answer is in $said. Standard input goes to the command.
does() {
    who=$1 wanted=$2
    shift 2
    said=$(ask "$who" "$@" --json) || fail "$who: amaan $* failed"
    case $said in *"$wanted"*) ;; *) fail "$who: amaan $* does not say $wanted: $said" ;; esac
    steps=$((steps + 1))
    case $wanted in
    '"case"' | '"reference"' | again_of) back="$(field case)$(field reference)" ;;
    *) back=$(printf '%s' "$wanted" | tr -d '"') ;;
    esac
    detail "$who: amaan $*  =>  $back"
}
field() { printf '%s\n' "$said" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }
# both FROM TO REF STATE: the two sides hold the same state, once the letters have travelled.
both() {
    until_state "$1" "$3" "$4"
    until_state "$2" "$3" "$4"
    steps=$((steps + 1))
    detail "$1 and $2 both read: $3 is $4"
}

# destroyed FROM TO REF NAME: the signed proof is back at FROM, and TO does not hold the name any more.
destroyed() {
    tries=0
    until ask "$1" shared "$3" --json | grep -F "\"$3\"" | grep -q '"state":"purged"'; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || fail "$2 did not prove that it destroyed $3"
    done
    does "$1" '"state":"purged"' shared "$3"
    does "$2" "$3" show "$3"
    case $said in *"$4"*) fail "$2 still holds what was withdrawn" ;; esac
}

# A young man at Torkham, nobody knows how old; he wants no shelter and no doctor, only somebody who knows the law.
story_of_a_young_man() {
    post=fia.torkham first=legal.peshawar second=legal.islamabad
    agreed='"consent":{"given_by":"best-interest","how":"spoken","language":"prs","interpreter":true,"groups":["name"],
        "role":"shift lead","rationale":"invented: his age is not known, he wants legal help and nothing else"}'
    does $post '"answer":"yes","field":"t2","item":"T2"' triage --t1 no --t2 yes --t3 yes --t4 yes --t5 yes --t6 yes
    does $post '"case"' case-open - <<JSON
{"name":"Brindolvar Quastrelin","age_band":"unknown","minor":"unknown","gender":"male","languages":["prs"],"risk":"high"}
JSON
    person=$(field case)
    for question in S1 S2 S3 S6 A3 V1; do
        does $post "\"$question\"" screen-answer "$person" --question $question --answer yes
    done
    does $post '"S5"' screen-answer "$person" --question S5 --answer unknown
    does $post child-by-doubt screen "$person"
    does $post confirmed screen-confirm "$person" --class child-at-risk
    does $post '"reference"' refer --to $first --service legal - <<JSON
{"priority":"normal","case":"$person",$agreed}
JSON
    ref=$(field reference)
    until_state $first "$ref" requested
    does $first Brindolvar show "$ref"
    does $first declined decline "$ref" --reason at-capacity --suggest $second
    both $post $first "$ref" declined
    declined=$ref
    does $post again_of refer-again "$ref" --to $second - <<JSON
{$agreed}
JSON
    ref=$(field reference)
    until_state $second "$ref" requested
    does $second Brindolvar show "$ref"
    does $second accepted accept "$ref"
    does $second scheduled schedule "$ref" --day "$(date -u +%F)"
    does $second no-show no-show "$ref"
    both $post $second "$ref" no-show
    does $second scheduled schedule "$ref" --day "$(date -u +%F)"
    does $second completed complete "$ref"
    both $post $second "$ref" completed
    does $post '"letters":2' case-withdraw "$person" --service legal
    destroyed $post $first "$declined" Brindolvar
    destroyed $post $second "$ref" Brindolvar
}

# until_says WHO WORD VERB ARGUMENTS...: until that word stands in what the command answers there.
until_says() {
    waiting=$1 word=$2 tries=0
    shift 2
    until ask "$waiting" "$@" --json | grep -q -F -- "$word"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || fail "$waiting: amaan $* does not come to say $word"
    done
}
# awaits WHO REF WORD: until that word stands in what is shown there.
awaits() { until_says "$1" "$3" show "$2"; }

# Who may take her in, and why? Two are asked, without a word about her; one has no bed. What is asked at the other has
# its own reference there.
find_a_bed() {
    asked="--service shelter --district PK401 --gender female --age-band 26-40 --languages urd --tonight"
    # shellcheck disable=SC2086 # options, to be split
    does $post '"rank":1' match $asked
    case $said in *'"reasons":['*"$house"* | *"$house"*'"reasons":['*) ;; *) fail "no reason stands beside $house: $said" ;; esac
    # shellcheck disable=SC2086
    does $post "$house" enquire $asked --to $full,$house
    for shelter in $full $house; do
        until_says $shelter '"direction":"received"' enquiries
        does $shelter '"direction":"received"' enquiries
        case $said in *Nalbequine* | *"$person"*) fail "the enquiry says who she is: $said" ;; esac
        case $shelter in
        "$full") does $shelter '"answer":"no"' answer-enquiry "$(field reference)" --answer no ;;
        *) does $shelter '"answer":"yes"' answer-enquiry "$(field reference)" --answer yes --hours 4 ;;
        esac
    done
    until_says $post '"answer":"yes"' enquiries
    until_says $post '"answer":"no"' enquiries
    does $post '"kept_until"' enquiries
}

# She is cold and coughs: the shelter makes a case of what it received, and refers her on to a doctor, as anybody does.
sees_a_doctor() {
    does $house '"case"' case-open - --received "$ref" <<JSON
{}
JSON
    there=$(field case)
    does $house '"reference"' refer --to $doctor --service medical - <<JSON
{"priority":"urgent","case":"$there","consent":{"given_by":"person","how":"spoken","language":"urd","interpreter":false,"groups":["name"]}}
JSON
    onward=$(field reference)
    until_state $doctor "$onward" requested
    does $doctor Nalbequine show "$onward"
    does $doctor accepted accept "$onward"
    does $doctor completed complete "$onward"
    both $house $doctor "$onward" completed
}

# A woman on the list of a flight that brings people back; she wants a safe bed and nothing else.
story_of_a_woman_returned() {
    post=fia.islamabad-airport house=shelter.peshawar full=shelter.rawalpindi doctor=clinic.rawalpindi
    list=${home:?}/arrivals.csv
    printf '%s\r\n' flight_or_bus,date,sending_state,return_type,minor,care_need,rcms \
        "XX-4711,$(date -u +%F),DE,dfd,no,no," >"$list"
    does $post '"rows":1' arrivals-preview "$list"
    does $post '"imported":true' arrivals-import "$list" --list "$(field list)"
    does $post '"task"' tasks
    task=$(field task)
    does $post taken task-take "$task"
    does $post '"case"' case-open - --origin arrival <<JSON
{"name":"Nalbequine Ostravelle","age_band":"26-40","minor":"no","gender":"female","languages":["urd"],"risk":"high"}
JSON
    person=$(field case)
    for question in S1 S2 S3 S6 A1 A2 A5 M3 M9 P1 P10; do
        does $post "\"$question\"" screen-answer "$person" --question $question --answer yes
    done
    for question in S4 S5; do
        does $post "\"$question\"" screen-answer "$person" --question $question --answer no
    done
    does $post possible-vot-strong screen "$person"
    does $post confirmed screen-confirm "$person" --class possible-vot-strong
    does $post "$person" task-done "$task" --case "$person"
    find_a_bed
    does $post '"reference"' refer --to $house --service shelter - <<JSON
{"priority":"tonight","case":"$person","consent":{"given_by":"person","how":"spoken","language":"urd","interpreter":false,"groups":["name"]}}
JSON
    ref=$(field reference)
    until_state $house "$ref" requested
    does $house Nalbequine show "$ref"
    does $house accepted accept "$ref"
    until_state $post "$ref" accepted
    does $house proposed hand-over-propose "$ref" --point 1 --from "$(date -u -d '+2 hours' +%FT%H:00:00Z)" --who a-woman --way-minutes 45
    awaits $post "$ref" '"state":"proposed"'
    does $post agreed hand-over-agree "$ref"
    awaits $house "$ref" '"state":"agreed"'
    does $post "$ref" show "$ref"
    code=$(field code)
    does $house "\"code\":\"$code\"" show "$ref"
    does $post handed-over handed-over "$ref"
    awaits $house "$ref" '"state":"handed-over"'
    does $house arrived arrived "$ref"
    awaits $post "$ref" '"state":"arrived"'
    does $house in-service start "$ref"
    both $post $house "$ref" in-service
    sees_a_doctor
    # Nobody waits a month for a demonstration: said early, it has to say which one it is.
    does $house safe-and-well follow-up "$ref" --result safe-and-well --after 30
    awaits $post "$ref" safe-and-well
    does $post '"after":"30"' show "$ref"
}
