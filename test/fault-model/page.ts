import type { FaultRow, Proof } from './rows.ts'

const HEAD = `# The fault model

What can go wrong between eosflow and its switches, how it must end, and which tests show that it does. The last column names a one-line bug that is planted in the
source to prove the tests: one of them must fail. \`node --import tsx test/fault-model/mutants.ts\` plants them, row by row.
This page is written from [test/fault-model/rows.ts](../test/fault-model/rows.ts).

Real processes are killed with \`kill -9\` at the same points: over eAPI in [crash.long.ts](../test/e2e/crash.long.ts) and over SSH in
[crash-ssh.test.ts](../test/e2e/crash-ssh.test.ts), and at random in simulated histories (\`npm run simulate\`). All of it runs against eosflow's own simulator: what rests on
the simulator alone is listed in [unproven.md](unproven.md).
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
