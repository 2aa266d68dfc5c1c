"""Words that say the same in interviews about machine learning: one group a line, members between commas.

Data only, written for this project. A member of several words is a phrase; a verb and its particle may stand apart ("leave
them out"). Members are compared by stem, so one form of each is enough. A word may belong to several groups, and
groups are not chained: "fall" stands for "drop", and "drop" for "remove", but "fall" not for "remove".
"""

from __future__ import annotations

SAME = """
drop, fall, decline, decrease, go down, come down, sink, lower, get smaller, get lower, dip, lessen
reduce, lower, cut, shrink, bring down, decrease, lessen, dampen, make smaller, diminish, trim, push down
rise, grow, increase, climb, go up, get bigger, get larger, get higher, gain, swell, mount, creep up
raise, increase, boost, push up, bring up, lift, enlarge, turn up, bump
large, big, huge, great, enormous, massive, sizeable, vast, giant, large number
small, little, tiny, minor, slight, minimal, modest, wee
many, lots, plenty, numerous, loads, dozens, bunch, heap of, tons, countless
few, handful, couple, scarce, sparse, not many, little, hardly any
rare, uncommon, scarce, seldom, infrequent, unusual, few, hardly ever
often, frequent, commonly, regularly, most of the time, usually
most, majority, largely, mainly, bulk, nearly all, almost all, the greater part
every, each, all, any, everyone, everybody, whole, entire, single
nobody, no one, none, not one, no person
somebody, someone, person, people, human, individual, anyone, folk
customer, user, client, shopper, buyer, consumer, visitor, member, subscriber
seller, vendor, merchant, shop, dealer
employee, worker, staff, colleague, coworker, teammate
boss, manager, lead, supervisor, director, head
team, group, squad, crew, department
mistake, error, slip, blunder, wrong answer, get wrong, fault, go wrong, incorrect, wrong
bug, defect, fault, flaw, glitch
failure, break, crash, die, go wrong, breakdown, fall over, go down, outage
broken, faulty, defective, bad, failing, dead
problem, trouble, issue, difficulty, snag
guess, predict, estimate, forecast, output, call, say
predict, forecast, foresee, anticipate, expect
watch, monitor, observe, track, keep an eye, look at, follow, supervise, alert, alarm
alert, alarm, warn, page, notify
check, test, verify, validate, examine, inspect, make sure, look whether, look if, confirm, try out, probe
test, try, trial, experiment
look at, inspect, view, examine, study, review, go through, read through, plot
copy, duplicate, double, replica, twin, repeat, same row, twice
repeat, again, once more, another time, over again, rerun, second time, redo
held out, holdout, unseen, test set, kept aside, set aside, never seen, fresh, hold back, put aside, not
    seen, left aside, unused, keep back, withheld, out of sample
unseen, new, fresh, never seen, not seen
training set, training data, train, learn, fit
fit, train, learn, estimate, tune
learn, pick up, figure out, find out, train, get from data, memorise
memorise, remember, learn by heart, by heart, rote, recite
overfit, memorise, learn by heart, fit noise, too closely, chase noise, too flexible, noise
underfit, too simple, too rigid, too weak, not flexible enough
generalise, carry over, transfer, work on new, hold up, do well on new
noise, random, luck, chance, accident, coincidence, jitter, fluctuation, scatter, by chance
random, by chance, by lot, lottery, coin, at random, draw lots, toss, dice
randomise, by chance, coin, assign, draw lots, toss, split at random
shuffle, mix up, permute, scramble, random order, mix
average, mean, on average, typical, expected value
middle, median, centre, halfway, typical
spread, variance, scatter, variation, standard deviation, dispersion, vary, fluctuate, swing, wobble, jump
    around
uncertainty, unsure, how sure, not sure, confidence, error bar, interval, margin, doubt
interval, range, error bar, margin, band, confidence, plus minus, bracket
standard error, error bar, margin of error, uncertainty, confidence interval
significant, beyond chance, more than luck, real, not noise, not luck, not chance
probability, chance, likelihood, odds, likely, how probable, percentage, risk
likely, probable, chance, odds, presumably
rate, share, fraction, proportion, percentage, ratio, how many of, part
number, count, how many, amount, tally, total, figure
count, tally, number of, how many, add up, how often
total, sum, overall, altogether, add up, all together, in all
add, sum, plus, add up, total, put together, combine
subtract, minus, take away, take off, deduct, less, difference
multiply, times, product, scale by, weighted by
divide, over, split by, per, divided by, out of, ratio
difference, gap, distance, discrepancy, lead, contrast, gulf
same, identical, equal, alike, unchanged, no different, equivalent
equal, same, as big as, match, tie
similar, alike, close, near, resemble, look like, comparable, look alike
different, other, distinct, not the same, vary, another, unlike
compare, against, versus, relative to, side by side, contrast, next to, set beside, measure against, with
    and without
baseline, simple, reference, benchmark, starting point, naive, today, current rule, existing rule, existing,
    what we have
simple, easy, basic, plain, straightforward, naive, dumb, trivial, crude
complicated, complex, hard, difficult, intricate, sophisticated, fancy
hard, difficult, tough, tricky, not easy
better, improve, good, win, beat, outperform, gain, superior, ahead, pay off
worse, degrade, hurt, suffer, bad, decline, deteriorate, harm, poorer
good, fine, great, well, right, decent, strong
bad, poor, terrible, useless, weak, awful, lousy
best, optimal, optimum, ideal, winner, highest, strongest
useless, worthless, no help, no use, pointless, no good, meaningless, in vain
fast, quick, rapid, speed, swift, in no time
slow, late, delay, long, sluggish, takes ages, lag, takes long
late, delay, lag, behind, overdue, afterwards, not in time
early, soon, in advance, ahead of time, beforehand, in time
beforehand, in advance, ahead of time, before, up front, upfront, prior, first
first, initially, start, begin, to begin with, at the start
before, earlier, previous, prior, past, preceding, until then, up to then, older, historic, former
after, later, following, next, subsequent, afterwards, newer, since, future
later, afterwards, subsequent, future, next, following, after, newer, ever since, since then
future, later, ahead, to come, tomorrow, not yet, afterwards, coming, next
past, history, historic, previous, earlier, old, former, before, yesterday
old, former, previous, earlier
new, fresh, recent, novel, unseen, latest
recent, latest, new, last, fresh
now, today, currently, at present, at the moment, these days, nowadays
moment, time, point, instant, at that second, as of
at the moment, right now, current, live, at present, as of now, fresh
known at, available at, as of, as it was, at that time, at that moment, back then, point in time, as they
    were, as it stood, at the time, known then
point in time, as of, as it was, at that time, back then, snapshot, at that moment, known then, at the time,
    as they stood
chronological, by time, by date, in order of time, earlier, temporal, by day, by week, in time order, later
    days, later weeks
by time, by date, chronological, later, future, newest, last weeks, last months, on later, on the next
start, begin, launch, kick off, open, first
stop, end, finish, halt, cease, quit, terminate, break off, no longer
finish, complete, done, end, conclude, wrap up, to the end
wait, delay, hold, patience, until, hold off, pause
keep, retain, hold, store, preserve, save, leave, stay, remain, hang on to, hold on
remain, stay, left, keep, still, persist, survive
store, save, keep, persist, record, hold, write down, cache, remember, put away
record, log, write down, note, store, document, put on paper, keep track
log, record, write down, store, track
cache, keep, store, remember, reuse, precompute, hold on, save
reuse, use again, share, keep, recycle, use twice
recompute, compute again, redo, recalculate, from scratch, work out again, start over
remove, drop, delete, discard, leave out, throw away, take out, exclude, omit, filter out, get rid, throw
    out, cut out, kick out, strip, eliminate, sort out, weed out
exclude, leave out, omit, remove, drop, skip, ignore, without, keep out, keep away
ignore, disregard, skip, overlook, neglect, leave aside, not look, pay no attention
skip, leave out, jump over, pass over, omit, ignore
missing, absent, lacking, empty, not there, blank, unknown, gap, null, none, gone
empty, nothing, blank, none, null, zero, no elements
fill, replace, impute, plug, substitute, put in, fill in
replace, swap, substitute, exchange, change for, put in place, take over
swap, exchange, switch, replace, trade, flip
hide, mask, cover, blank out, block, conceal, disguise
show, display, present, reveal, demonstrate, make visible, print, expose
see, notice, find, discover, spot, detect, realise, look, catch, come across
notice, see, discover, spot, find out, detect, realise, become aware, catch
detect, find, spot, catch, notice, recognise, discover, identify
find, locate, discover, identify, search, look for, detect, spot
catch, find, detect, recall, flag, spot
recall, how many found, share found, catch, sensitivity, found
precision, how many right, share right, correct among, trustworthy
miss, overlook, fail to find, not found, slip through, escape, go unnoticed, false negative, let through
false positive, false alarm, wrongly flagged, flagged wrongly, false hit, wrong alarm, cried wolf, for
    nothing, in vain
false negative, miss, overlook, slip through
threshold, cutoff, cut off, limit, bar, operating point, boundary
limit, cap, bound, maximum, ceiling, at most, restrict, no more than, budget
maximum, largest, highest, biggest, most, peak, top
minimum, smallest, lowest, least, fewest
at least, minimum, no less, or more
at most, maximum, no more than, cap, up to
cause, reason, why, because, due to, lead to, result from, come from, stem from, root, source, responsible
reason, why, because, explain, grounds, justify, rationale
lead to, cause, result in, produce, bring about, end in
effect, impact, influence, consequence, change, result, difference, outcome
result, outcome, finding, effect, output, answer
depend, hinge, rely, rest on, varies with, function of, related, driven by
independent, unrelated, no relation, not depend, separate, uncorrelated, nothing to do, on their own, by
    itself, without regard
correlated, related, go together, depend, linked, connected, associated, move together, go hand in hand,
    tied, same mistake, same reason
relation, link, connection, association, relationship, correlation, dependence
explain, describe, tell, make clear, account for, show why, reason
tell, say, report, let know, mention, explain, announce, speak
say, tell, state, mention, claim, put it, word
ask, question, inquire, request, want to know
answer, reply, response
agree, consent, settle, decide together, same opinion, shake hands, accept, sign, commit
disagree, differ, argue, object, oppose, resist, dispute, argument, against
agreement, consensus, deal, same label, kappa, both say, consistent
convince, persuade, win over, bring round, change mind
decide, choose, pick, settle on, make the call, go for, opt, select, determine
choose, pick, select, take, decide, go for, opt, choice
decision, choice, call, verdict
option, alternative, choice, possibility, variant, way
alternative, other way, instead, another option, option, other approach, different method, substitute
use, apply, employ, make use, work with, rely on, go with
need, require, want, must, necessary, call for, has to
want, wish, need, desire, would like, prefer, ask for
allow, permit, let, enable, make possible
prevent, avoid, stop, keep from, guard against, protect, block, rule out
avoid, prevent, keep away, escape, steer clear, dodge, get around, without
protect, guard, safeguard, shield, secure, defend
fix, repair, mend, correct, solve, cure, remedy, put right, patch, sort out, resolve, adjust
correct, right, true, accurate, proper
correct for, adjust, compensate, account for, weight, make up for, undo, control for
adjust, tune, change, adapt, tweak, correct, shift
tune, adjust, set, optimise, tweak, choose settings, hyperparameter, try settings
change, alter, modify, move, shift, switch, vary, become different, turn into, edit
shift, move, drift, change, slide
drift, shift, change over time, move, different from before, no longer the same, changed, distribution
    change
stable, constant, steady, unchanged, robust, fixed, same, does not change
constant, fixed, same, steady, unchanged, does not change, stays the same
fixed, constant, set, frozen, pinned, same, unchanged
freeze, fix, lock, keep fixed, pin, as it was
update, refresh, renew, revise, change, bring up to date, rewrite
refresh, update, renew, reload, rebuild
retrain, train again, refit, fit again, new model, learn again, train anew, relearn, train fresh
roll back, rollback, revert, go back, undo, back out, switch back, return to, restore, previous version, old
    version
fallback, fall back, backup, default, instead, plan b, degrade, otherwise, emergency, when it fails, if that
    fails, old rule, safety net
default, fallback, standard, otherwise, preset
gradually, stepwise, step by step, in steps, staged, slowly, little by little, bit by bit, canary, small
    share, in stages, few percent, one percent
canary, staged, gradually, small share, few percent, one percent, small group, in steps, in stages, part of
    the traffic
shadow, silently, in parallel, alongside, without acting, side by side, in the background, dark
deploy, release, ship, launch, roll out, go live, put in production, publish
production, live, serving, deployed, in the field, real traffic, real life, real users
serve, answer, deliver, deployment, production, at inference, when it runs
request, call, query, hit, message
traffic, load, requests, volume
latency, delay, response time, milliseconds, ms, how long it takes, time per request, speed, slow
throughput, per second, volume, rate, capacity
capacity, limit, room, how many can, resources, hands, throughput
timeout, deadline, time limit, give up, too late, takes too long, stop waiting
retry, try again, repeat, second attempt, once more, resend
queue, line, waiting list, buffer, backlog, waiting
parallel, at once, same time, concurrently, simultaneous, side by side
at once, immediately, straight away, right away, instantly, at the same time, directly
batch, chunk, group, together, in one go, bundle, pile, all at once, one call
chunk, piece, part, block, batch, passage, section, split
piece, part, chunk, bit, fragment, section, component
part, piece, component, share, section, portion, half
split, divide, separate, partition, break up, cut, cut into, part
separate, apart, split, own, on its own, individually, distinct, isolated
combine, merge, join, put together, blend, mix, unite, add, fuse
merge, join, combine, put together, unite, glue, fuse, collapse
join, merge, match, link, combine, look up
group, cluster, bucket, segment, slice, subgroup, cohort, kind
slice, segment, group, subgroup, break down, breakdown
class, category, label, kind, type
kind, type, sort, category, class, variety
label, tag, annotation, target, truth, answer, mark, ground truth
annotate, label, tag, mark, judge, rate, classify by hand
annotator, rater, labeller, judge, expert, reviewer, human
by hand, manual, human, person, people
human, person, people, somebody, by hand, manual, reviewer, agent
review, check, look at, inspect, go through, read, second pair of eyes
expert, specialist, professional, doctor, physician
target, label, outcome, y, answer, truth, response
feature, input, column, variable, attribute, predictor, signal, field, covariate
column, field, feature, variable, attribute
row, record, example, line, observation, sample, case, entry, instance, data point
example, sample, case, instance, observation, row
case, example, instance, situation, event
value, number, figure, amount, entry
figure, number, value, statistic, digit
table, sheet, list, dataset, file, lookup
list, array, sequence, collection, row of
element, item, entry, member, value
item, thing, article, product, piece, object, entry
product, item, article, goods, thing
order, purchase, buy, sale, checkout, basket
order, sequence, ranking, sort, arrangement
sort, order, rank, arrange, put in order
rank, order, position, place, sort
position, place, rank, slot, spot, location, where
top, first, best, highest, head, beginning
key, identifier, id, name, number
identifier, id, name, key, number, identity
index, position, lookup, pointer, number
hash, fingerprint, digest, checksum, dictionary, map
dictionary, dict, hash map, map, lookup table, hash, hash table
set, collection, visited, dictionary, hash
pointer, index, reference, cursor, finger
loop, iterate, go through, for each, walk, pass over, run through, cycle
walk, traverse, go through, visit, step through, follow, pass
visit, reach, process, touch, traverse, mark
recursive, calls itself, itself
step, stage, phase, move, iteration
one pass, single pass, once, single sweep, go through once, one scan
in place, without copy, no extra memory, overwrite, same array
extra memory, additional space, additional memory, more memory, extra space, memory
memory, space, ram, storage, gigabytes, megabytes, bytes, footprint
time, duration, long, seconds, minutes, hours
linear, o n, one pass, proportional, n steps, once over
quadratic, square, n squared, every pair, all pairs, nested loop, o n2, two loops, each with each, every
    with every, pairwise
logarithmic, log, halving, log n
exponential, doubles, two to the, explode, blow up, double each time
halve, half, binary search, bisect, cut in half, divide in two, split in half
binary search, bisect, halving, cut in half, halve the range
heap, priority queue, heapq, min heap
stack, pile, last in first out, lifo
brute force, try all, every combination, all combinations, naive, each with each, try everything, all pairs
efficient, fast, cheap, economical, quick
cheap, inexpensive, low cost, little money, costs little, affordable, costs nothing
expensive, costly, dear, cost a lot, costs money, pricey, burn money, costs a fortune
cost, price, money, expense, charge, euros, spend, fee, pay, bill, dollars
money, euros, cost, dollars, cash, profit, price, budget, revenue
profit, gain, earn, revenue, benefit, money, margin, worth, pay off
benefit, gain, advantage, use, worth, profit, help
advantage, benefit, plus, strength, good thing, edge
drawback, disadvantage, downside, price, weakness, con, minus
tradeoff, trade off, balance, compromise, price, at the cost, in exchange, give up, weigh, versus
balance, equal, even, weigh, compromise, trade off
imbalance, skew, lopsided, uneven, rare, unbalanced, one sided
skew, lopsided, bias, imbalance, uneven, distorted
bias, skew, distort, systematic, slant, unfair, one sided, not representative, tilt, prejudice
representative, typical, like the real, reflect, unbiased, mirror, fair sample
fair, equal, just, even handed, unbiased, equitable
unfair, bias, discriminate, disadvantage, unequal
misleading, deceptive, fool, flatter, illusion, look good, lie, too rosy, lull
optimistic, too good, too rosy, flattering, overstated, inflated, too high, overestimate, look better,
    cheating
overestimate, too high, overstate, inflate, exaggerate, too optimistic, too big
underestimate, too low, understate, too small, too pessimistic
exaggerate, overstate, blow up, inflate, look bigger, magnify, dramatic
leak, peek, see the future, give away, sneak, cheat, know the answer, let the future in, contaminate, spill,
    from the future
leakage, peek, cheat, sneak in, give away, future, contaminate, would not know
honest, fair, true, genuine, real, unbiased, trustworthy
trust, rely, believe, confidence, depend
reliable, trustworthy, dependable, stable, robust, safe, solid
sure, certain, confident, definite, no doubt, convinced
unsure, uncertain, doubtful, not sure, in doubt, hesitate, borderline, undecided
confident, sure, certain, self assured
overconfident, too sure, too confident, overestimates itself, sure of itself, too certain
calibrated, match reality, mean what they say, says eighty, happens as often, honest probability, really
    happen, well calibrated, true rate
recalibrate, calibrate, platt, isotonic, rescale the scores, map scores, adjust probabilities, scale back,
    convert back
score, output, prediction, probability, mark, number
metric, measure, figure, score, number, kpi, criterion, yardstick
measure, quantify, count, metric, evaluate, gauge, assess, figure
evaluate, assess, judge, measure, test, score, rate
accuracy, share correct, hit rate, percent correct, right answers, how often right
loss, cost, error, objective, penalty
penalise, punish, cost, charge, penalty, fine
regularise, penalty, penalise, shrink, weight decay, dropout, keep weights small, constrain
weights, parameters, coefficients, numbers in the network, knobs
coefficient, weight, slope, parameter, effect, beta
slope, gradient, steepness, derivative, coefficient
gradient, slope, derivative, direction, update signal
gradient descent, sgd, optimiser, downhill, step against, steepest
learning rate, step size, lr, size of the step
converge, settle, stop changing, reach a minimum, stabilise, come to rest, plateau
diverge, blow up, explode, run away, overshoot, go to infinity, bounce
explode, blow up, get huge, grow without bound, diverge, go through the roof, overflow
vanish, disappear, shrink to nothing, go to zero, die out, fade, next to nothing, die, nearly nothing,
    almost zero
oscillate, bounce, zigzag, jump back and forth, swing, overshoot
initialise, start, starting point, starting values
layer, level, stage
deep, many layers, depth
shallow, few levels, flat
neural network, net, network, deep model, neural net, nn
tree, split, decision tree, branch
forest, many trees, bagging, ensemble
ensemble, committee, average of models, several models, combine models, vote
vote, majority, poll, average, elect
boosting, one after another, sequential, gradient boosting, in sequence, corrects the previous, one by one
sequential, one after another, in turn, in a row, in sequence, one by one, successive, in order
residual, error left, what is left, remaining error, leftover, mistakes of the previous, remainder
early stopping, stop early, stop when validation, stop training, stop in time, stop before
embedding, vector, representation, numbers for, point in space
vector, embedding, list of numbers, direction
dimension, axis, component, number of features, width, column
project, map onto, shadow, flatten, drop onto
similarity, closeness, distance, cosine, dot product, how alike, near
nearest, closest, neighbour, most similar, next to
distance, how far, gap, dissimilarity, euclidean, closeness
cluster, group, clump, blob
scale, normalise, standardise, same range, comparable units, same scale, unit variance, zero mean, rescale
normalise, scale, standardise, sum to one, divide by the total, make comparable, rescale
outlier, extreme, far off, anomaly, strange value, huge value
anomaly, unusual, strange, abnormal, odd, outlier, weird, suspicious
unusual, strange, odd, weird, abnormal, out of the ordinary, rare, anomaly
normal, usual, ordinary, typical, expected
typical, usual, normal, common, ordinary, average
seasonal, weekly, time of day, day of week, hour of day, calendar, weekday, yearly, same hour
trend, direction, long term, drift, growth
window, period, time span, interval, horizon, last minutes, stretch, range
period, time, window, span, weeks, months, days
horizon, window, how far ahead, within the next, days ahead, period
week, seven days, fortnight
two weeks, fortnight, 14 days
month, thirty days, four weeks
day, daily, date, 24 hours
year, annual, twelve months
night, evening, overnight
every day, daily, each day, day by day, nightly, each night
twice, two times, double, doubly, repeatedly
double, twice, two times, times two, 2x, twofold
half, fifty percent, halve, one in two, every second
percent, per cent, in a hundred, out of a hundred, of 100
percentile, quantile, 95th, p95, tail, p99
quantile, percentile, pinball, p85, p90, median, distribution
tail, slowest, worst, extreme, p99, end of the distribution
distribution, spread, histogram, range of values, how values are spread, curve
histogram, bins, distribution, bar chart, buckets
plot, chart, graph, diagram, picture, draw, figure, curve
picture, image, photo, shot, visual, photograph
text, words, sentence, document, message
document, page, file, text, article
word, term, token, expression
token, word, piece, subword
sentence, phrase, line, utterance, statement
query, search, request, what they typed
search, look for, look up, find, lookup
retrieve, fetch, find, get, look up, search, pull
fetch, get, retrieve, load, read, pull, bring
read, load, open, look at, fetch
write, save, put down, store, put
send, pass, forward, transmit, deliver, ship, hand over
pass, hand, give, forward, send
give, hand, provide, deliver, supply, offer, return
receive, get, obtain, arrive, take in
arrive, come in, reach, get in, land, trickle in, turn up
return, give back, come back, send back, output
build, make, create, construct, develop, put together, set up, write
create, make, build, generate, produce, set up
generate, produce, create, make up, write, synthesise
made up, invent, hallucinate, fabricate, fiction, not in the source, unsupported
hallucinate, make up, invent, fabricate, without a source
cite, quote, source, reference, point to, passage, evidence
grounded, supported, backed, based on, from the source, in the text
run, execute, start, work, operate, perform
work, function, run, operate, do the job, succeed
happen, occur, take place, come up, turn out
try, attempt, test, have a go, experiment
attempt, try, effort, trial
help, support, assist, aid, useful
hurt, harm, damage, injure, worse, suffer
harm, damage, hurt, danger, injury
danger, risk, hazard, threat
risk, danger, chance, exposure, threat, what could go wrong
safe, secure, harmless, protected, without risk, no harm
harmless, safe, innocent, benign, no damage, does no harm, fine, ok
fraud, cheat, crook, scam, thief, criminal, stolen
attack, abuse, exploit, adversary, misuse, trick
private, confidential, personal, sensitive, secret
personal data, name, identity, private data, personal information, pii, sensitive
privacy, private, personal, confidential, data protection, gdpr
anonymous, nameless, not identifiable, cannot be identified, unidentifiable
identify, recognise, single out, find the person, who it is, pick out, re identify, recover
unique, only one, alone, singled out, one of a kind, nobody else
delete, erase, remove, wipe, purge, forget
consent, permission, agree, allowed, approval
permission, right, access, allowed, authorisation, may see
access, permission, reach, read, may see, get at
law, legal, regulation, lawyer, court, gdpr, rule
rule, policy, guideline, condition, if then, rule of thumb
condition, if, when, requirement
contract, agreement, interface, what is promised, specification
assume, suppose, take for granted, presume, rely on
assumption, premise, taken for granted, suppose, presume
unknown, not known, unclear, open, no idea, nobody knows
clear, obvious, plain, evident, explicit
unclear, vague, ambiguous, not defined, fuzzy, open, could mean
ambiguous, unclear, vague, two meanings, several meanings, could mean
define, specify, say what, write down, settle, spell out, pin down, clarify, definition
clarify, ask, make clear, find out, pin down, question
goal, aim, target, objective, purpose, what we want
plan, schedule, intend, roadmap, next steps
deadline, due date, date, by then, time limit
promise, commit, guarantee, assure
own, myself
owner, responsible, in charge, accountable
responsible, in charge, accountable, owner, own
lesson, learnt, take away, since then, next time
learnt, lesson, understood, taught, took away
differently, other way, instead, change, next time
next time, since then, from then on, ever since, later, now always, in future, today i, another project
afterwards, later, since, after that, in the end, finally
finally, in the end, at last, eventually, ultimately
surprise, unexpected, astonish, did not expect
expect, anticipate, hope, think, foresee, assume
believe, think, convinced, sure, opinion, hold
opinion, view, belief, position, stance, think
view, opinion, position, perspective, side, standpoint
fairly, honestly, respect, understand, reasonable, made sense
reasonable, sensible, made sense, understandable, legitimate, good reason
understand, grasp, comprehend, make sense
important, matter, crucial, key, essential, critical, counts
matter, count, important, relevant, make a difference
relevant, useful, fitting, on topic, matters, right
irrelevant, does not matter, unimportant, off topic, no influence
enough, sufficient, suffice, adequate, plenty
too few, not enough, too little, insufficient, too small
too many, too much, excessive, more than
extra, additional, further, more, another, added
more, additional, further, extra, greater, another
fewer, less, smaller number, not as many, lower
less, fewer, smaller, lower, reduced, not as much
higher, larger, greater, bigger, above, more
lower, smaller, less, below, fewer, under
above, over, more than, exceed, higher than, beyond, past
exceed, go over, above, more than, beyond, beat, surpass
below, under, less than, lower than, beneath, fall short
between, among, in the middle, from to
inside, within, part of
outside, beyond, external, not in, out of
near, close, next to, around, nearby, adjacent, in the neighbourhood
nearby, close, near, around here, in the area, local
neighbour, adjacent, next, nearby, beside, surrounding
adjacent, next to, neighbour, side by side, touching, consecutive
overlap, share, intersect, in common, cross, cover the same, touch
touch, meet, adjacent, share an end
contain, hold, include, comprise
include, contain, cover, count in, add, take in
cover, include, contain, deal with, handle, span
handle, deal with, treat, take care, cope, process, manage
process, handle, work through, treat, deal with
treat, handle, deal with, regard, consider
consider, think about, look at, weigh, take into account
compute, calculate, work out, figure, determine, evaluate
calculate, compute, work out, do the sum, figure
estimate, guess, approximate, work out roughly, reckon, rough
approximate, roughly, about, estimate, around, close to, ballpark
exactly, precisely, accurate, to the digit, strictly
round, approximate, truncate, cut off decimals
truncate, cut, cut off, chop, shorten, clip, crop
cut, chop, truncate, crop, clip
zero, nothing, null, none, nil, origin
negative, minus, below zero, no, less than zero
positive, plus, above zero, yes, greater than zero
sign, plus or minus, direction, polarity
infinity, inf, infinite, endless, unbounded
overflow, too large, too big, blow up, inf, out of range
underflow, too small, round to zero, become zero, vanish
nan, not a number, invalid, undefined, not defined
invalid, undefined, illegal, broken, malformed, nonsense, garbage
error message, exception, raise, throw, complain, refuse, error
exception, error, raise, throw, crash
crash, fall over, die, fail, go down, abort
corrupt, damaged, broken, garbage, garbled
empty input, empty list, nothing in, no elements, no input, empty array
edge case, corner case, special case, border case, extreme input, boundary, empty input
tie, equal, same value, draw, same score, level, even
deterministic, reproducible, same result, repeatable, always the same, same every time
reproduce, repeat, get the same, replicate, redo, rerun
seed, random state, fix the randomness, random seed, fixed seed
version, release, edition, revision, commit
commit, version, git, hash
unit test, assert, test case, small test, check
assert, check, make sure, test, verify, guarantee
toy, small example, tiny example, by hand, small case
shape, size, dimensions, form
transpose, flip, swap axes, turn
broadcast, stretch, expand, spread out
matrix, table of numbers, grid, array
mask, hide, set to minus infinity, cover, blank out, block out, minus infinity, -inf
attention, look at, attend, weigh
softmax, exponentials over their sum, normalise to one, turn into shares, probabilities
decoder, generator, autoregressive, left to right
prefix, beginning, start, first letters
suffix, end, last letters
character, letter, symbol
string, text, word, characters
interval, range, span, segment, period, window
graph, network, nodes and edges, map
node, vertex, point, station, stop
edge, link, connection, arrow
cycle, loop, circle, circular, goes round
path, route, way, trail, track
shortest, fewest steps, quickest way, minimal path, smallest number of steps
breadth first, level by level, bfs, queue, layer by layer, ring by ring, wave
depth first, dfs, go deep, recursion, backtrack
parent, predecessor, where it came from, previous node
children, successor, followers
root, top, origin, start
leaf, end node, bottom
sorted, ordered, ascending, in order
ascending, increasing, from small to large, smallest first
descending, decreasing, from large to small, largest first
left, before, earlier, first half
right, after, later, second half
front, head, start, beginning
back, end, tail, last
last, final, latest, end, most recent
evict, throw out, remove, kick out, drop
expire, too old, out of date, stale, run out, time out
stale, old, outdated, out of date, not fresh, expired
fresh, up to date, current, new, recent
date, day, timestamp
timestamp, time stamp, date, when it happened
clock, time, timer
thread, concurrent, process, worker, parallel
lock, mutex, synchronise, exclusive
race, conflict, at the same time, clash
conflict, clash, contradict, disagree, collide
atomic, all or nothing, in one step, transaction, undivided
idempotent, twice without harm, same key, repeat safely, does no damage, no double, duplicates ignored, only
    once
deduplicate, remove duplicates, duplicates, only once, drop copies, unique
partition, part, shard, piece, split
shard, partition, part, piece of the data
distributed, many machines, several machines, across machines, cluster
machine, server, computer, host, node, box
server, machine, backend, cloud, host
device, phone, handset, gadget, machine
phone, device, mobile, handset, smartphone
on device, on the phone, local, offline, at the edge, on site
cloud, server, data centre, remote
gpu, accelerator, graphics card
battery, energy, power
hardware, machine, chip, device
bandwidth, network, transfer, connection
network, connection, internet, line
offline, without network, no connection, local
online, live, in production, real time
stream, flow, event by event, one by one, as they come, continuous, real time
real time, live, at once, immediately, streaming
event, record, message, thing that happens
feed, stream, home page, timeline
recommend, suggest, propose, offer
click, tap, press, open
impression, view, exposure, shown, seen
exposure, shown, seen, visible, view
popular, well known, liked, trending, frequent, bestseller
diversity, variety, mix, different, not the same
cold start, new items, new users, no history, no clicks yet, unknown, brand new
explore, try out, experiment, bandit, give a chance, random slot
exploit, use the best, greedy, stick to the best
reward, gain, payoff, benefit
policy, rule, strategy, behaviour
feedback loop, self fulfilling, own predictions, feeds itself, reinforces itself, trains on its own, shows
    only what it liked
self fulfilling, feeds itself, feedback loop, own decisions
counterfactual, what would have happened, had we not, without it
control group, untreated, not treated, without the treatment, comparison group, hold out, not called,
    control
treatment, intervention, action, call, treated
uplift, effect of the call, causal effect, difference made, change caused, incremental
causal, cause, because of, effect of, brought about
confounder, third factor, common cause, lurking, hidden cause, other reason, mixed up
experiment, trial, test, ab test, a b test, split test
ab test, a b test, experiment, randomised, split test, online test, half of the users, control group, live
    test
guardrail, must not get worse, safety metric, watch also, side effect, limit, must not suffer, not get
    worse, mustn't
novelty, new effect, wears off, curious, excitement fades, settles
power, sample size, big enough, enough data, enough people, how many we need, size of the test
sample size, how many, number of cases, enough data, how much data, power, large enough, arm
sample, subset, draw, random part, pick some, selection
bootstrap, resample, draw again, with replacement
cross validation, cv, folds, k fold, several splits, crossvalidation
fold, split, part, cross validation
validation, dev set, held out, check set
nested, inner, inside, within
pipeline, flow, chain of steps, process, workflow, steps
preprocess, prepare, clean, transform, scaler
clean, tidy, remove errors, prepare, sanitise
transform, convert, turn into, map, change
convert, turn into, translate, transform, change
translate, map, convert, turn into
encode, turn into numbers, represent, code
one hot, dummy, indicator, zero one columns
categorical, category, nominal, kinds, labels
target encoding, mean of the target, average target
sparse, mostly zero, few entries, mostly empty
dense, full, filled
text search, keyword search, bm25, lexical, word match, exact words
keyword, word, term, exact word
semantic, meaning, vector, sense
rerank, sort again, second sort, reorder, heavier model
candidate, shortlist, first hundred, few hundred, narrowed down
funnel, stages, cascade, first cheap then expensive, two stages, narrow down
cascade, cheap first, stages, filter first, step by step, only the rest
stage, phase, step, level, part
filter, sieve, keep only, remove, sort out
moderator, reviewer, human checker, agent
agent, clerk, support person, operator
support, help desk, customer service
escalate, hand over, pass on, forward, raise, take it up
hand over, pass on, give to a person, escalate, forward, transfer, refer
abstain, refuse, say i do not know, not answer, leave it, pass to a person, hand over, stay silent
refuse, decline, say no, reject, turn down
reject, refuse, turn down, deny, decline
accept, agree, say yes, allow
approve, sign off, allow, accept, green light
complain, complaint, object, grumble, protest
appeal, objection, contest, dispute
incident, outage, failure, accident, event, breakdown
root cause, real reason, underlying, why it happened, source
blame, fault, guilty, point fingers
postmortem, review, retrospective, write up
document, write down, note, record, wiki, put on paper
share, pass on, tell others, publish
teach, explain, mentor, show how, coach
mentor, coach, guide, help, teach
listen, hear, hear out, pay attention, let them explain
measure, figure, number, percent, count
dashboard, chart, monitor, screen
report, tell, write up, say, summary
summary, overview, aggregate, short version
aggregate, summarise, total, combine, roll up
median, middle value, 50th, p50, half above
daily, per day, every day, each day, nightly
region, area, district, city, country, place
city, town, place, region
language, english, dialect, tongue
dialect, accent, way of speaking, regional
doctor, physician, medic, clinician
patient, sick person, case
illness, disease, sickness, condition, diagnosis
medicine, drug, medication, pill, dose
restaurant, kitchen, place, cook
courier, rider, driver, messenger
delivery, drop off, arrival, bring
parcel, package, delivery, shipment
price, cost, amount, rate, fee
stock, availability, inventory, in store
available, exists, at hand, in stock, known, present
discount, rebate, voucher, cheaper
payment, transaction, pay, charge
account, profile, login
card, payment card, credit card
house, flat, home, property
car, vehicle, automobile
engine, motor, pump, machine
sensor, probe, gauge, reading, device
reading, measurement, value, signal
signal, information, hint, evidence, sign, indication
hint, clue, sign, indication
evidence, proof, data, facts, sign
prove, show, demonstrate, establish
doubt, question, sceptical, suspicious, not believe, bother, smelt
suspect, guess, think, believe, have a feeling
curious, interested, wonder
sort, line up, order, put in order, arrange, queue up by
hard, nasty, difficult, tough, tricky, awkward
easy, simple, straightforward, harmless, quick
random, coin toss, coin flip, dice, dart, by lot, by chance
tally, count, histogram, how many of each
latest, last, newest, most recent, current, final
cycle, circle, loop, comes back to itself, goes round, ring
greedy, take the best first, always take, whatever looks best, dearest first, nearest first, pick the
    largest
largest, dearest, most expensive, highest, most valuable, maximum
join, string together, concatenate, glue, stick together, put together, append, chain
get back, restore, reconstruct, give back, recover, gives the word again, round trip
round trip, encode and decode, there and back, gives back, get the same back, gives the word again
merge, glue, fuse, join, combine, put together
local optimum, stuck, poor solution, bad solution, local minimum
local minimum, stuck, poor solution, local optimum
spherical, round, ball, blob
by hand, pen and paper, on my fingers, on paper, work out, small example
decimal, real number, float, floating point, fraction
integer, whole number, int, no decimals
float, decimal, real number, double precision, floating point
cumulative, running total, running sum, end to end, prefix sum, accumulate
prefix sum, cumulative, running total, running sum, accumulated
running total, cumulative, prefix sum, accumulate
running maximum, largest so far, best so far, keep the maximum
sliding window, moving window, last n, window that moves
two pointers, left and right, one from each end, both ends
lower bound, at least, not less than, cannot be less, no smaller than
upper bound, at most, no more than, cannot be more, no larger than
bound, limit, at least, at most, between, no less than, no more than
invariant, always holds, stays true, remains true, holds at every step
prove, show, argue, reason why, induction
counterexample, example against, one job for, breaks with, fails for
monotone, only grows, works for all larger, if it works then, never goes down, one direction
prerequisite, depends on, waits for, needed before, must come first, comes before
ready, nothing left to wait for, no prerequisites, nothing waits, in degree zero, free
cross off, remove, tick off, mark done, count down
adjacency list, list of neighbours, who depends on whom, adj, neighbour list
level, layer, wave, round, generation
critical path, longest path, longest chain
inverted index, index of a book, posting list, for each word the list, word to documents
rare word, few documents, hardly any document, idf, unusual word
saturate, level off, flatten, less and less, diminishing, not ten times better
diminishing, less and less, level off, saturate
query, question it asks, looking for, searching
key, label it wears, what it offers, advertises
minus infinity, negative infinity, -inf, very negative
weighted sum, blend, mixture, weighted average, convex combination
weighted average, blend, weighted mean, mixture
blend, mix, combine, weighted sum, average
chain rule, multiply the effects, multiply along, product of derivatives, factor by factor
backward, back, from the end, in reverse, from the loss, right to left
layer by layer, one by one, step by step, one after another
saturated, flat, no gradient, stuck at
flat, saturated, plateau, no slope
log, logarithm, logged scale
peek, look at, glance
locked away, held out, untouched, in a drawer, set aside, never touched
untouched, locked, in a drawer, not used, set aside, never touched
tried many, many settings, best of many, picked the best, tried fifty, several attempts, multiple
    comparisons
multiple comparisons, many tests, tried many, best of many, by chance one
optimistic, flatter, too good, inflated, rosy
feature importance, which column matters, dominating feature, which input counts
explainable, interpret, understand why, hard to read, black box
interpret, explain, make sense, read, understand
squared, to the power of two, times itself
right angles, orthogonal, perpendicular, uncorrelated directions
orthogonal, right angles, perpendicular, independent direction
strongest, largest, leading, main, first, top
direction, axis, component, eigenvector
explained variance, how much spread, share of variance, how much is kept
recruit, hire, look for people, find candidates
invite, selected, called in, positive decision
suitable, qualified, good candidate, fit for the job
definition, kind of fairness, criterion, yardstick, notion, meaning
yardstick, criterion, metric, measure, standard
law, legal, allowed, court
written down, documented, in writing, on paper, recorded
trade off, cannot have both, not all at once, one or the other, at the expense, incompatible
impossible, cannot be, not possible, no way, not all at once, never both
incompatible, cannot have both, contradict, not all at once, conflict
oversample, extra copies, duplicate the rare, feed extra, resample, upsample
undersample, downsample, thin out, throw away some, drop most of, keep a share
downsample, thin out, undersample, keep a share, drop most of, sample down
resample, oversample, undersample, even things out, rebalance, balance the classes, feed extra
class weight, weights, weigh the rare more, cost of classes
base rate, prior, how common, how rare, prevalence, in general
prevalence, base rate, how common, share of positives, how rare
sure of itself, overconfident, too sure, too certain
raise the bar, higher threshold, stricter, demand more, move the threshold
lower the bar, lower threshold, more lenient, move the threshold
threshold, bar, cutoff, point where
refund, money back, compensation, pay back
bad luck, chance, coincidence, noise, accident, luck
standard deviation, spread, sigma, typical distance, scatter
half a point, standard error, plus minus
exaggerate, look bigger, huge, cheating, overdo, dramatise
axis, scale, starts at, begins at
start at zero, begin at zero, from zero, zero based
headline, title, caption, heading
limitation, restriction, caveat, not checked, one run, what is not known
caveat, limitation, but note, restriction, careful
idempotency key, same id, request id, unique key, same key, token for the request
backoff, wait longer each time, longer pauses, double the wait, exponential
jitter, randomness, bit of random, spread out, random pause
overload, overwhelmed, too many requests, swamped, busy, flooded, hammer
retry storm, everybody tries again, avalanche, thundering herd, multiply, 27
lost, got stuck, never arrived, went missing, dropped
carried out, done, executed, performed, happened, went through
ambiguous, may have happened, cannot know, do not know whether, either way
exactly once, only once, no double, not twice
at least once, maybe twice, may repeat, delivered again
transaction, all or nothing, together, commit
log at serving, store what the model saw, save what was fed, record at prediction time
feature store, one definition, same code, shared code, same recipe, one place for features
same code, one definition, shared code, same recipe, same function, one implementation
backfill, recompute the past, fill in history, rebuild the past
suspicion, suspect, guess, think that, hunch
average weighted, mix, weighted, composition
mix, composition, proportion, share of each, blend, make up
confounder, mixed, harder cases, different mix, gets the hard ones, lurking
like with like, same ticket, same mix, same group, side by side
partial dependence, what if, vary one input, all else equal
all else equal, held fixed, other things the same, keeping the rest
underpredict, too low, guess too low, underestimated
overpredict, too high, guess too high, overestimated
fan, spread grows, funnel shape, gets wider, heteroscedastic, heteroskedastic
bend, curve, u shape, not straight, nonlinear, smile, banana
nonlinear, bend, curve, u shape, not straight, not linear
straight, linear, line, proportional
misspecified, wrong shape, systematic error, misspecification, bias
systematic, bias, always in one direction, consistently, not random, pattern
retrieve, fetch, look up, pull, find, get the passages
entitled, permission, allowed, rights, access, acl
instruction in text, injection, ignore your rules, untrusted, hidden command, prompt injection
injection, ignore your rules, hidden instruction, malicious text, untrusted input
untrusted, not trusted, malicious, hostile, from outside
side effect, writes anywhere, action, changes something
refuse, decline, say no, do not answer, abstain, say i do not know, fall silent
stale cache, old answer, outdated copy, not refreshed
warm up, preload, cold start, first request slow
batching, several at once, group requests, collect requests, together in one go
quantise, fewer bits, 8 bits, int8, lower precision, round the weights, half precision
prune, cut weights, set to zero, remove weights, sparsify, thin the network
distil, teacher, student, small model learns from big, imitate
compress, make smaller, shrink, quantise, prune
on call, pager, woken, night shift, duty
runbook, instructions, checklist, manual, how to page, page of instructions
handed over, someone else runs it, ran it alone, took over, second owner
safety net, tests, recorded outputs, old and new side by side, regression set, frozen answers
regression, frozen answers, recorded answers, old outputs
rewrite, from scratch, start over, build anew, complete rewrite
refactor, small steps, one by one, step by step, clean up
resist, against, dead against, object, oppose, not keen, sceptical
before and after, from to, instead of, went from, down from, used to be
admit, mistake i made, what i got wrong, my fault, i had not, should have
my fault, own mistake, my mistake, i was wrong, i should have, blame me
underestimate, too optimistic, took longer, guess too short
surprised, i had expected, did not expect, turned out, thought it would
compromise, middle way, meet halfway, both sides
stakeholder, people concerned, those affected, everyone involved
affected, concerned, hit, touched, suffers
"""
"""Groups of words of which one can stand for another; a wording's word is found when a member of its group is said."""
