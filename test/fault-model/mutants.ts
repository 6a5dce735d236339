import { parseArgs } from 'node:util'
import { titles } from '../house/titles.ts'
import { copyCheckout, isNamed, type Ran } from './planted.ts'
import { type FaultRow, type Mutant, type Proof, ROWS } from './rows.ts'

/**
 * Lets each mutant of the fault model loose on the tests of its row: they must pass without it and one must fail with it.
 * Prints the table and exits 1 when a mutant has lived.
 *
 *   node --import tsx test/fault-model/mutants.ts [--rows 1,24b]
 */
const { values } = parseArgs({ options: { rows: { type: 'string' } } })
const wanted = values.rows?.split(',')
const rows = ROWS.filter(({ row, mutants }) => mutants.length > 0 && wanted?.includes(row) !== false)
const carried = titles()
const hunts = rows.flatMap((row) =>
  row.mutants.map((mutant) => ({ row, mutant, proofs: mutant.seenBy ?? proofsOf(row) })),
)
const copy = copyCheckout()
process.on('exit', copy.remove)

const say = (line: string) => void process.stdout.write(`${line}\n`)
const list = (proofs: Proof | readonly Proof[]) => ('file' in proofs ? [proofs] : proofs)

const plain = await copy.run(hunts.flatMap(({ proofs }) => list(proofs)))
for (const { row, proofs } of hunts) for (const proof of list(proofs)) requirePassed(row, proof, plain)

let lived = 0
say('| row | mutant | put wrong in | seen by |\n| --- | --- | --- | --- |')
for (const { row, mutant, proofs } of hunts) lived += (await isSeen(row, mutant, list(proofs))) ? 0 : 1
say(`\n${hunts.length} mutants of ${rows.length} rows, ${lived} lived`)
process.exitCode = lived > 0 ? 1 : 0

/** The tests of `npm test` whose titles have the id of a row. */
function proofsOf({ row }: FaultRow) {
  const own = carried.filter(({ ids, file }) => ids.includes(`F${row}`) && file.endsWith('.test.ts'))
  return [...new Set(own.map(({ file }) => file))].map((file) => ({ file, title: [`[F${row}]`] }))
}

function requirePassed({ row }: FaultRow, proof: Proof, ran: readonly Ran[]) {
  const named = ran.filter((one) => isNamed(proof, one))
  if (named.length > 0 && named.every(({ passed }) => passed)) return
  const failed = named.filter(({ passed }) => !passed).map(({ name }) => name)
  throw new Error(
    `row ${row}: ${proof.file}: ${proof.title.join(' > ')}: ${named.length} tests, failed: ${failed.join('; ')}`,
  )
}

async function isSeen({ row }: FaultRow, mutant: Mutant, proofs: readonly Proof[]) {
  const ran = (await copy.run(proofs, mutant)).filter((one) => proofs.some((proof) => isNamed(proof, one)))
  const failed = ran.filter(({ passed }) => !passed)
  const none = ran.length === 0 ? 'NO TEST RAN' : 'LIVED'
  const seen = failed.length === 0 ? none : `${failed.length} of ${ran.length} tests`
  say(`| ${row} | ${mutant.name} | ${mutant.within} | ${seen} |`)
  return failed.length > 0
}
