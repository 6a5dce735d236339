import type { FaultRow } from './rows.ts'

const HEAD = `# The fault model

This page lists what can go wrong between eosflow and its switches, and how it must end. The title of each test that proves a row has its id, as \`[F5b]\`. *Put back* and *unknown* are explained in the
[glossary](glossary.md#where-a-switch-ended); BEFORE means that the switch has its configuration from before the change. The last column names one-line bugs. \`node --import tsx test/fault-model/mutants.ts\`
plants each of them in the source, and then a test of its row must fail: so the tests are proven too.

A process is killed at each point of a change and at each record that it writes, in memory, and with \`kill -9\` where only a real process shows it, over eAPI and over SSH [G44]; processes of
[simulated histories](simulation.md) (\`npm run simulate\`) are killed at each moment. All of these tests use eosflow's own simulator;
[unproven.md](unproven.md) lists what only the simulator says.
`

/** The page of the documentation about these rows. */
export function pageOf(rows: readonly FaultRow[]) {
  const table = rows.map(
    ({ row, happens, ends, mutants }) =>
      `| F${row} | ${happens} | ${ends} | ${mutants.map(({ name }) => name).join('; ') || '-'} |`,
  )
  const missing = rows.flatMap(({ row, without }) => (without === undefined ? [] : [`- F${row}: ${without}`]))
  return [
    `${HEAD}\n## The rows\n| id | what happens | how it must end | the planted bug |\n| --- | --- | --- | --- |`,
    ...table,
    '\n## What is not proven, or not done',
    ...missing,
    '',
  ].join('\n')
}
