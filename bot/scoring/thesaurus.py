"""Words that say the same, words that say the opposite, and words that deny without a "not": general English and the
common stock of computing and school science, nothing of any one question.

Data and look-ups over stems. A word stands in one group only; where a word has two common meanings it stands in none.
"""

from __future__ import annotations

from functools import lru_cache

from bot.scoring.text import stem

_SAME = """
start begin commence initiate launch
end finish stop terminate halt cease conclude
change modify alter adjust adapt vary edit
remove delete erase eliminate discard
free release deallocate
make create build construct produce generate
show display indicate demonstrate reveal illustrate
get obtain receive acquire
give provide supply offer deliver
need require demand necessary
use utilize employ
help aid assist
allow enable permit let
prevent avoid forbid prohibit inhibit hinder
keep retain maintain preserve
remain stay
store save
contain include comprise consist
big large huge bigger larger greater biggest largest greatest
small little tiny smaller smallest
less fewer lesser
more additional extra further
fast quick rapid swift faster quicker fastest quickly rapidly
slow slowly slower slowest
high higher highest
low lower lowest
long longer longest
short shorter shortest
thick thicker
thin thinner
heavy heavier
strong powerful stronger
weak weaker
hot warm hotter warmer
cold cool colder cooler
early earlier
late later
easy simple straightforward easily simpler easier
cheap inexpensive cheaper
increase grow rise raise enlarge expand
decrease reduce shrink fall decline diminish lessen
same identical equal equivalent alike
different distinct differ
many multiple several various
all every each whole entire complete total
often frequent common usual typical
rare seldom infrequent
important crucial essential vital critical significant
hard difficult tough challenging
expensive costly
correct accurate
error mistake fault bug
problem issue trouble difficulty
procedure routine subroutine
way approach technique manner
part component portion piece
element item entry
node vertex
location address position place spot
member property attribute field
parent base superclass
child derived subclass
twice double duplicate redundant
copy replicate clone
connect link join attach
send transmit transfer
choose select pick
find locate detect discover identify recognize
check verify examine inspect
ensure guarantee assure
compute calculate
approximate estimate
execute run perform
call invoke
split divide partition
combine merge
order sequence
repeat iterate
previous prior preceding predecessor prev
next subsequent following successor
first initial
last final
front head
rear tail
data information
output result outcome
goal aim objective purpose
cause lead
effect impact influence affect
happen occur
mean signify denote
predict forecast guess
picture image photo
person people human individual
network net
own possess
speed pace
amount quantity number
near close adjacent neighbor
inside within inner internal
outside outer external
soil dirt earth
rock stone
evaporate vaporize
animal creature organism
survive live alive
die dead death
eat feed consume
see observe notice
bulb lamp
push press
damage broken defective faulty
break crack fracture
turn rotate spin
move travel shift relocate
insert add append
access reach
traverse visit
secure safe
hide conceal
depend rely
convert transform
assign allocate
enough sufficient adequate
lack miss absent
exact precise
random arbitrary
try attempt
wire cable
infinite endless forever unlimited unbounded
empty vacant
limit restrict constrain bound
improve enhance
degrade worsen
memorize remember
fix repair
solve resolve
kind type
share shared
average avg
probability chance likelihood
probable likely
assume suppose presume
simultaneous concurrent
automatic automatically
advantage benefit
disadvantage drawback downside
crash abort
immediate instant
temporary transient
permanent persistent
decide determine
distribute spread
collect gather
describe explain
example instance
max maximum maximal
min minimum minimal
overwrite override
learn train
stick adhere cling
attract pull tug
absorb soak
vibrate oscillate
steam vapor
mix stir blend
constant fixed
bucket slot
contiguous consecutive
notify inform alert
delay latency lag
sender transmitter
receiver recipient
classify categorize
shape form
region area zone
"""

_OPPOSITE = """
same:different open:closed increase:decrease more:less high:low big:small
fast:slow before:after first:last connect:separate connect:disconnect inside:outside above:below positive:negative
complete:incomplete possible:impossible stable:unstable known:unknown ordered:unordered sorted:unsorted valid:invalid
succeed:fail remove:insert hot:cold up:down left:right push:pull front:rear top:bottom
min:max long:short strong:weak thick:thin heavier:lighter gain:lose expand:contract
ascending:descending static:dynamic synchronous:asynchronous dependent:independent easy:hard cheap:expensive
safe:unsafe equal:unequal limited:unlimited finite:infinite empty:full always:never all:none on:off wet:dry hard:soft
rough:smooth dark:bright alive:dead private:public local:global linear:nonlinear early:late
near:far even:uneven visible:invisible reliable:unreliable directed:undirected weighted:unweighted supervised:unsupervised
mutable:immutable attract:repel horizontal:vertical maximize:minimize lossless:lossy deterministic:random
"""

_DENYING = (
    "prevent avoid forbid prohibit inhibit hinder lack fail refuse exclude "
    "impossible unable forget omit ignore read-only protect block disable"
)


@lru_cache(maxsize=1)
def _concepts() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _SAME.strip().splitlines():
        words = line.split()
        for word in words:
            found.setdefault(stem(word), stem(words[0]))
    return found


@lru_cache(maxsize=100_000)
def concept(word_stem: str) -> str:
    """The stem that stands for a stem and all that say the same."""
    return _concepts().get(word_stem, word_stem)


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITE.split():
        one, other = (concept(stem(w)) for w in pair.split(":"))
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {k: frozenset(v) for k, v in found.items()}


def opposites(word: str) -> frozenset[str]:
    """The concepts that say the opposite of a concept."""
    return _opposites().get(word, frozenset())


@lru_cache(maxsize=1)
def denying() -> frozenset[str]:
    """Concepts of verbs and adjectives that deny what they govern: "prevents changes" is "does not change"."""
    return frozenset(concept(stem(w)) for w in _DENYING.split())
