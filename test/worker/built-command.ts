import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../lab/checkout.ts'

/** How the bundle says how old the proof of a fence is. */
const AGE = /const age=\(\)=>(monotonic\d*)\(\)-asked\d*/g

/** The command without one of its rules, in a folder of its own. */
export interface Mutant {
  readonly command: string
  remove(): void
}

/** The command to which every fence is fresh, however old its proof is. It still looks at the clock: that is where `freeze.mjs` stops it. */
export function withoutAge(): Mutant {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-mutant-'))
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const bundle = join(folder, 'dist/cli/program.cjs')
  const text = readFileSync(bundle, 'latin1')
  const found = text.match(AGE) ?? []
  if (found.length !== 1) throw new Error(`the age of a fence is in the bundle ${found.length} times`)
  writeFileSync(bundle, text.replace(AGE, 'const age=()=>{$1();return 0}'), 'latin1')
  // What V8 has made of the bundle is not of this one.
  rmSync(`${bundle}.code`, { force: true })
  return { command: join(folder, 'dist/cli/main.js'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
