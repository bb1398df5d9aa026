/**
 * The words that a reason of Agora's, of a gateway in front of it, or of our emulator is made of. A word that is not here is
 * never quoted: see docs/decisions/018. None reads like a part of a key: no word of four or more letters is made of a to f alone.
 */
export const knownWords: ReadonlySet<string> = new Set(
  `
a above absent accept accepted accepts access account acknowledged active add address addresses after again ago
agora agoraio ahead aliyun all allocated allow allowed already also always am an and announces another answer
answered answers any anymore anyone apache api app appcertificate appears appid application applications are
argument arguments around array arrive arrived as at attempt attempts audio auth authenticate authenticated
authentication authorization authorized available away back backend bad balancer bare based basic be bearer because
been before begin begins behind being belong belongs below between big binary blank block blocked body boolean both
bounds break broken browser buffer build builder built busy but by byte bytes cache call called caller calls came
can cancelled cannot carries carry case category cause certificate challenge changed channel channelname channels
channeltype character characters check checked choose cipher clear client clients clock clocks close closed cloud
cloudflare cloudfront cluster code codes coding colon come comes comma command communication compared complete
completed compressed compression concurrent condition conditions config configuration configured conflict
conflicting connect connected connecting connection connections console contact contain contains content continue
control convert copy corrupt could count country counts create created credential credentials current currently
customer customerid customersecret customtype cut daily damaged data database date days deadline debug declined
decode default delay delete deleted delivered denied depends deploy deployed deprecated describe description
destination detail details detected dev developer device devices did didn't differ different differs digest digits
directly disabled disallowed disconnect disconnected display dns do document documentation documented does doesn't
domain don't done down draft dropped due duplicate duplicated duration during each early edge edit element else
email empty emulator enable enabled encode encoded encoding encrypted end ended endpoint ends engine enough ensure
enter entity entries entry envoy err error errors event events ever every everyone exactly example exceed exceeded
exceeds except exception exist exists expect expectation expected expire expired expires explain expression extra
fail failed failure failures false fast feature features fetch few fewer field fields file files filter finally find
first floor follow followed following follows for forbidden force forge form formal format forward forwarded found
free frequency from front frontend full further future gateway general genuine get give given gives go goes gone
good got grant granted group groups half handle handler handling handshake has hasn't have having header headers
health healthy held help here hexadecimal hidden history hold holds hop host hosts hour hours html http https id
identifier identity if ignored illegal immediately implemented in includes incomplete incorrect incorrectly info
information inner input inside instead insufficient integer interface internal internally internet interrupted
interval into invalid is isn't issue issued it item items its itself join joined json jwt keep keeps kept key keys
kib kind know known knows kong kongerror lack lacks large larger last later latest layer least leave left legacy
length less let letter letters level lifetime like limit limited limits line link list listed lists live load local
locked log logged login logout long longer longest look looks loop lost lower machine machines made maintenance make
makes malformed management many map mark marks match matched matching max maximum may media membership memory
message messagecount messages messaging messagetype method methods mib might milliseconds minimum minute minutes misdirected
mismatch missing mistake mixed mode moderation modified module more most moved much multi multiple must name named
names near need needs network never nevertheless new newer next nginx no nobody node non none nonexistent not note
nothing notification notifications notify now number numbers object obtain occurred of off offline often ok old
older omitted on once one online only open openresty operation operations option options or order organisation
organization origin other others otherwise our out outer output outside over overload overloaded own owner package
packet padded padding page pages pair parameter parameters parse parsed parser parsers part parts party pass passed
password patch path paths payload payment peer peers pending people per percent perform performed period permanently
permission permissions permitted phrase place plain platform please plus point policy pool port position possible
post precondition prefix present presents previous primary private privilege privileges problem proceed process
processed processing product prohibited project projects properties property protocol proves provide provided proxy
public publish publisher pull push put queries query queue quota quotation quoted quotes random range rate rather
raw reach reached read reading reads ready realm reason receive received receiver reconnect record recording
redirect reference refresh refused regenerate region registered regular reject rejected related released remote
remove removed renew repeat replace reply report request requested requestid requests require required requirement
requires reserved reset resolve resolved resource resources response responses rest restful result results resume
retry return returned rights role roles room rooms route routed router routes rtc rtm rule rules running said salt
same say says scheme scope second secondary seconds secret section secure security see seem segment select selected
send sender sending sends sensitive sent separate serve server servers service services session set setting settings
several shell short shortened should shown shows shutdown sign signal signaling signature signed similar simple
since single site size skip slash slow slowly small so socket solve some something soon sorry source space spaces
specific specified speed spelling ssl standard stands start started starts startup state statement status step still
stop stopped storage store stored stream strict string strings structure sub subject submit success successful such
supplied support supported supports surrogate surrounding suspended swapped switch sync syntax system table take
taken takes target tcp team tell tells temporarily temporary tenant terminated termination test text than that the
their them then there these they thing this those though three throttled through throw ticket time timed timeout
times timestamp tls to together token tokens too took toolkit top total traffic transfer transport trim trimmed true
truncated trusted try turn turns twice two type uid unable unacceptable unaccepted unauthenticated unauthorized
unavailable unchanged undefined under unexpected unicode unique unix unknown unless unlimited unlisted unprocessable
unreachable unreadable unrecognized unsigned unsupported until unusable up update upgrade upload upper upstream uri
url urls usage use used useful user userid userids username users uses using usual utf uuid v1 v2 valid validate
validation value values variable variant vary vendor verification verified verifier verify version very via video
violation visible visit void wait waiting want warning was wasn't way we web webpage website week well went were
weren't what when where whether which while white who whoever whole whom whose why will window with withdrawn within
without won't word words work working works would write writes written wrong year yet you your zero zlib zone
`
    .trim()
    .split(/\s+/),
)
