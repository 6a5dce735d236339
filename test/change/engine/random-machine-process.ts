import { runMachines, told } from './random-machine-check.ts'

/** A part of the machines in a process of its own: `COUNT FROM`. Prints the report as one line of JSON. */
const [count = 0, from = 1] = process.argv.slice(2).map(Number)
const { counterexamples, ...report } = await runMachines({ from, count })
process.stdout.write(`${JSON.stringify({ ...report, counterexamples: counterexamples.map(told) })}\n`)
