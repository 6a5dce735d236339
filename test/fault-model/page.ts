import type { FaultRow, Proof } from './rows.ts'

const HEAD = `# The fault model

This page lists what can go wrong between eosflow and its switches, how it must end, and which tests prove it. *Put back* and *unknown* are explained in the
[glossary](glossary.md#where-a-switch-ended); BEFORE means that the switch has its configuration from before the change. The last column names one-line bugs. \`node --import tsx test/fault-model/mutants.ts\`
plants each of them in the source, and then a test of its row must fail: so the tests are proven too. The page is generated from [test/fault-model/rows.ts](../test/fault-model/rows.ts).

[points.test.ts](../test/fault-model/points.test.ts) kills a process at each point of a change and at each record that it writes. Real processes are killed with \`kill -9\`
in [crash.long.ts](../test/e2e/crash.long.ts), over eAPI and over SSH, and processes of [simulated histories](simulation.md) at each moment. All of these tests use eosflow's own simulator;
[unproven.md](unproven.md) lists what only the simulator says.
`

/** The page of the documentation about these rows. */
export function pageOf(rows: readonly FaultRow[]): string {
  const table = rows.map(
    ({ row, happens, ends, proofs, mutants }) =>
      `| ${row} | ${happens} | ${ends} | ${filesOf(proofs)} | ${mutants.map(({ name }) => name).join('; ') || '-'} |`,
  )
  const missing = rows.flatMap(({ row, without }) => (without === undefined ? [] : [`- Row ${row}: ${without}`]))
  return [
    `${HEAD}\n## The rows\n| row | what happens | how it must end | tests | the planted bug |\n| --- | --- | --- | --- | --- |`,
    ...table,
    '\n## What is not proven, or not done',
    ...missing,
    '',
  ].join('\n')
}

function filesOf(proofs: readonly Proof[]): string {
  const files = [...new Set(proofs.map(({ file }) => file))]
  return files.map((file) => `[${file.split('/').at(-1)?.replace('.test.ts', '')}](../${file})`).join(', ') || '-'
}
