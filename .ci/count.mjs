// Counts what runs of the tests did, from vitest's JSON reports (their paths with a comma between them), and judges what was skipped: with the reference material
// beside the checkout only a test that names a missing program may be. With a ledger, each of its ids must have a test that has passed in a step that it names. The last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

const [reports, stepsPassed, stepsFailed, shared, ledger] = process.argv.slice(2)

/** A skipped test says what it needs in its name: `(needs the openssl command)`, `(skipped without python3)`. */
const NEEDS_PROGRAM = /\b(?:needs|without) (?:the )?(openssl|python3|git|zsh|fish|hadolint|groff|mandoc|actionlint)\b/

const say = (text) => process.stdout.write(`${text}\n`)
const isMissing = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined

/** The files of each report, that of `npm test` first. A run that was broken off has left no report: its step has failed. */
function readReports() {
  const there = (reports ?? '').split(',').filter((path) => existsSync(path))
  return there.map((path) => JSON.parse(readFileSync(path, 'utf8')).testResults)
}

/** The tests of all reports. One of several, which left it out or looked at a cut of it, is counted once: as failed, passed or skipped, the first of these that it was. */
function testsOfAll([first = [], ...later]) {
  const ranks = ['failed', 'passed']
  const rank = ({ status }) => (ranks.includes(status) ? ranks.indexOf(status) : ranks.length)
  const seen = new Map()
  // `npm run test:long` leaves out what has no tag, also the cells of a cut that `npm test` does not look at and only the night does.
  // What a room of its own needs, it says itself: a test that it skips is not judged here.
  const isLeftOut = (test) => rank(test) === ranks.length && (test.tags ?? []).length === 0
  const others = later.flatMap((files) => testsOf(files).filter((test) => !isLeftOut(test)))
  for (const test of [...testsOf(first), ...others]) {
    const key = `${test.file} ${test.name}`
    const before = seen.get(key)
    if (before === undefined || rank(test) < rank(before)) seen.set(key, test)
  }
  return [...seen.values()]
}

/** Every test of every file. A file that could not be loaded has none, and counts as one that failed. */
function testsOf(files) {
  return files.flatMap(({ name, status, message, assertionResults }) => {
    if (assertionResults.length > 0) {
      return assertionResults.map(({ fullName, status, tags = [], failureMessages = [] }) => {
        return { file: name, name: fullName, status, tags, failureMessages }
      })
    }
    return status === 'failed' ? [{ file: name, name: `could not be loaded: ${message}`, status }] : []
  })
}

const read = readReports()
const tests = testsOfAll(read)
const of = (...statuses) => tests.filter(({ status }) => statuses.includes(status))
const passed = of('passed')
const failed = of('failed')
const LEFT = ['skipped', 'pending', 'todo', 'disabled']
const left = of(...LEFT)
// What is for the night is run by `npm run soak -- night`, and by nothing here.
const isOfNight = ({ tags = [] }) => tags.includes('night')
// Its turn comes with another commit.
const isOfTurn = ({ tags = [] }) => tags.includes('turn')
const skipped = left.filter((test) => !isOfNight(test) && !isOfTurn(test))

const sharedIsThere = existsSync(shared ?? '')
const isExcused = ({ name }) => {
  const program = NEEDS_PROGRAM.exec(name)?.[1]
  return program === undefined ? !sharedIsThere : isMissing(program)
}
const unexcused = skipped.filter((test) => !isExcused(test))

const isStepOfGate = (step) => !['night', 'never', 'a row'].includes(step)

/** The ids of the ledger, each with the steps that run its tests; what only the night proves is left out. */
function promises() {
  const text = ledger === undefined ? '' : readFileSync(ledger, 'utf8')
  return text.split(/^(?=\S)/m).flatMap((block) => {
    const [id, ...lines] = block.trimEnd().split('\n')
    const where = lines.map((line) => line.trim().split(': ')[0].split(', ')).filter((of) => of.some(isStepOfGate))
    const steps = [...new Set(where.flat().filter(isStepOfGate))]
    // Of a table a step may look at other rows today.
    return where.length === 0 ? [] : [{ id, steps, isSure: where.some((of) => !of.includes('a row')) }]
  })
}

const stepNames = (reports ?? '').split(',').filter((path) => existsSync(path)).map((path) => basename(path, '.json'))
const byStep = new Map(stepNames.map((step, at) => [step, testsOf(read[at])]))
const proofsOf = ({ id, steps }) =>
  steps.flatMap((step) => (byStep.get(step) ?? []).filter(({ name }) => name.includes(`[${id}] `)))
const without = promises().filter((one) => !proofsOf(one).some(({ status }) => status === 'passed'))
// A row of a table that is not looked at today, or a test that was skipped for a good reason: that is said, and fails nothing.
const isWaiting = (one) => !one.isSure || proofsOf(one).some((test) => LEFT.includes(test.status) && !isOfNight(test) && isExcused(test))
const unproven = without.filter((one) => proofsOf(one).some(({ status }) => status === 'failed') || !isWaiting(one))

say(`tests: ${tests.length} in ${new Set(read.flat().map(({ name }) => name)).size} files; ../shared is ${sharedIsThere ? 'there' : 'absent'}`)
for (const { file, name } of failed) say(`failed: ${file}: ${name}`)
// A test that may be tried once more tells nobody why it was: a fault that comes now and then is known by this line alone.
for (const { file, name, failureMessages = [] } of passed) {
  if (failureMessages.length > 0) say(`passed when it was tried again: ${file}: ${name}: ${failureMessages.join(' ').slice(0, 600)}`)
}
for (const test of skipped) say(`skipped${isExcused(test) ? '' : ' WITHOUT A REASON'}: ${test.name}`)
const later = left.filter(isOfTurn)
if (later.length > 0) say(`left to the turns of other commits: ${later.length}`)
if (left.length > skipped.length + later.length) say(`left to npm run soak -- night: ${left.length - skipped.length - later.length}`)
if (unexcused.length > 0) say(`${unexcused.length} tests were skipped although what they need is here`)
for (const one of without) {
  say(`${unproven.includes(one) ? 'NOT PROVEN' : 'not proven here'}: ${one.id}: no test of it has passed in ${one.steps.join(', ')}`)
}
if (tests.length === 0) say('no test has run')

// Tests that fail make their step fail as well, which is not counted a second time.
const failing = read.filter((files) => testsOf(files).some(({ status }) => status === 'failed'))
const steps = Number(stepsFailed) - failing.length
const judged = (unexcused.length > 0 ? 1 : 0) + (tests.length === 0 ? 1 : 0) + (unproven.length > 0 ? 1 : 0)
const failures = failed.length + steps + judged
say(`${passed.length + Number(stepsPassed)} passed, ${failures} failed, ${skipped.length} skipped`)
process.exitCode = failures === 0 ? 0 : 1
