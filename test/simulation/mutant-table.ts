import { runSeed } from '../../simulate/run-seed.ts'
import type { Mutant } from './altering.ts'
import { COPY_MUTANTS } from './copy-mutants.ts'
import { MANY_MUTANTS, OWNER_SESSION_MUTANTS } from './many-mutants.ts'
import { MUTANTS } from './mutants.ts'
import { SITE_MUTANTS } from './site-mutants.ts'

/** Which invariants have caught a mutant first, and in how many of the histories. */
export interface Caught {
  readonly mutant: Mutant
  readonly histories: number
  readonly by: Readonly<Record<string, number>>
}

/** Lets a mutant loose on the histories of the seeds from 1 on, until it was caught so often. */
export async function hunt(mutant: Mutant, histories: number, enough = histories): Promise<Caught> {
  const by: Record<string, number> = {}
  let lived = 0
  for (let caught = 0; lived < histories && caught < enough; ) {
    lived += 1
    const { violation } = await runSeed(lived, {
      alterations: mutant.make(),
      fixed: { transport: 'eapi', commits: 'alone', ...mutant.fixed },
    })
    if (violation === undefined) continue
    caught += 1
    by[violation.invariant] = (by[violation.invariant] ?? 0) + 1
  }
  return { mutant, histories: lived, by }
}

/** The table of the mutants, a row each: its name, the rows of docs/fault-model.md that it takes out, and what caught it. */
export async function mutantTable(histories: number) {
  const rows: string[] = []
  for (const mutant of [...MUTANTS, ...MANY_MUTANTS, ...OWNER_SESSION_MUTANTS, ...SITE_MUTANTS, ...COPY_MUTANTS]) {
    const { by } = await hunt(mutant, histories)
    const caught = Object.entries(by).map(([invariant, times]) => `${invariant} in ${times} of ${histories}`)
    rows.push(`| ${mutant.name} | ${mutant.rows.join(', ') || '-'} | ${caught.join(', ') || 'SURVIVED'} |`)
  }
  return ['| mutant | rows | caught by |', '| --- | --- | --- |', ...rows]
}
