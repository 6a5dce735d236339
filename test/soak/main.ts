/** Long runs that no suite has time for: `npm run soak -- NAME [ARGUMENTS]`. One file per name; each prints its seeds and gives an exit code. */
const SOAKS: Readonly<Record<string, () => Promise<Soak>>> = {
  machines: () => import('./machines.ts'),
  fleet: () => import('./fleet.ts'),
  serve: () => import('./serve.ts'),
  night: () => import('./night.ts'),
  inventory: () => import('./inventory.ts'),
  workers: () => import('./workers.ts'),
  sites: () => import('./sites.ts'),
  moves: () => import('./moves.ts'),
  promotions: () => import('./promotions.ts'),
  anta: () => import('./anta.ts'),
  packed: () => import('./packed.ts'),
}

interface Soak {
  /** What its arguments are, in one line. */
  readonly usage: string
  /** Runs it: 0 when all held, 1 when something did not; undefined when the arguments are none of its own. */
  readonly soak: (args: readonly string[]) => Promise<number | undefined>
}

const [name = '', ...args] = process.argv.slice(2)
const load = Object.hasOwn(SOAKS, name) ? SOAKS[name] : undefined
const soak = await load?.()
const code = await soak?.soak(args)
if (code === undefined) process.stderr.write(await usage())
process.exitCode = code ?? 2

async function usage() {
  const each = Object.values(SOAKS).map(async (one) => `  ${(await one()).usage}\n`)
  return `usage: npm run soak -- NAME [ARGUMENTS]\n${(await Promise.all(each)).join('')}`
}
