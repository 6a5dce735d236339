import type { FaultRow, Proof } from './rows.ts'

const HEAD = `# The fault model

What can go wrong between eosflow and its switches, where it must end, and what shows that it does. Each row has tests, and next to each stands how the protocol was
put wrong on purpose - one line of its source - so that one of them fails: \`node --import tsx test/fault-model/mutants.ts\` does that, row by row.
This page is written from [test/fault-model/rows.ts](../test/fault-model/rows.ts).

The same points are come to by real processes that are killed with \`kill -9\`, over eAPI in [crash.long.ts](../test/e2e/crash.long.ts) and over SSH in
[crash-ssh.test.ts](../test/e2e/crash-ssh.test.ts), and at random in simulated histories (\`npm run simulate\`). All of it runs against our own simulator: what only that says
is listed in [unproven.md](unproven.md).
`

/** The page of the documentation about these rows. */
export function pageOf(rows: readonly FaultRow[]): string {
  const table = rows.map(
    ({ row, happens, ends, proofs, mutants }) =>
      `| ${row} | ${happens} | ${ends} | ${filesOf(proofs)} | ${mutants.map(({ name }) => name).join('; ') || '-'} |`,
  )
  const missing = rows.flatMap(({ row, without }) => (without === undefined ? [] : [`- Row ${row}: ${without}`]))
  return [
    `${HEAD}\n## The rows\n| row | what happens | how it must end | tests | put wrong on purpose |\n| --- | --- | --- | --- | --- |`,
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
