import { fileURLToPath } from 'node:url'

/**
 * Sixty simulated switches, ten times the bundled fabric, in a process of their own for `bench check`: the simulator as it is
 * shipped. Prints where they answer as one line of JSON.
 */

const FOLDER = fileURLToPath(new URL('../fixtures/dc1', import.meta.url))
const built = new URL('../dist/testing.js', import.meta.url).href
const { startFabric }: typeof import('../src/testing.ts') = await import(built)
const fabrics = await Promise.all(Array.from({ length: 10 }, () => startFabric(FOLDER)))
const devices = fabrics.flatMap((fabric, index) =>
  fabric.devices.map(({ name, username, password, http }) => ({ name: `${name}-${index}`, username, password, http })),
)
process.stdout.write(`${JSON.stringify({ devices })}\n`)
process.stdin.resume().once('end', () => process.exit(0))
