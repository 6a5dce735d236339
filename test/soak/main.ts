/** The long tests, by name: `npm run soak -- fleet 300`. Without a name the machines, as ever. */
const SOAKS: Readonly<Record<string, () => Promise<{ soak(args: readonly string[]): Promise<number> }>>> = {
  machines: () => import('./machines.ts'),
  fleet: () => import('./fleet.ts'),
}

const [first = '', ...rest] = process.argv.slice(2)
const isNamed = Object.hasOwn(SOAKS, first)
const found = SOAKS[isNamed ? first : 'machines']
if (found === undefined || (!isNamed && first !== '' && !/^\d+$/.test(first))) {
  process.stderr.write(`usage: npm run soak -- [${Object.keys(SOAKS).join('|')}] [ARGUMENT...]\n`)
  process.exitCode = 2
} else {
  const { soak } = await found()
  process.exitCode = await soak(isNamed ? rest : process.argv.slice(2))
}
