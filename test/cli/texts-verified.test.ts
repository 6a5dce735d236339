import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { verifyStore } from '../../src/app/audit/verify.ts'
import { hintWords } from '../../src/report/hint-words.ts'
import { tamper } from '../journal/sqlite/open-for-test.ts'
import { fileText } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { exits, type Lab, openLab, prints, warns } from '../lab/lab.ts'

function refsIn(path: string) {
  const database = new Database(path, { readonly: true })
  const refs = database.prepare<[], string>('SELECT ref FROM blob ORDER BY ref').pluck().all()
  database.close()
  return refs
}

/** What is done to one text of a store. */
const DONE: Readonly<Record<string, (ref: string) => string>> = {
  deleted: (ref) => `DELETE FROM blob WHERE ref = '${ref}'`,
  altered: (ref) =>
    `UPDATE blob SET bytes = CAST(substr(bytes, 1, 40) || iif(substr(bytes, 41, 1) = x'00', x'01', x'00') || substr(bytes, 42) AS BLOB) WHERE ref = '${ref}'`,
  emptied: (ref) => `UPDATE blob SET bytes = x'' WHERE ref = '${ref}'`,
  'put in the place of another': (ref) =>
    `UPDATE blob SET bytes = (SELECT o.bytes FROM blob o WHERE o.ref <> '${ref}' LIMIT 1) WHERE ref = '${ref}'`,
}

/** A change with its plan and all that it keeps, a snapshot, a rollback of it, and a bundle with its files. */
async function filled() {
  const lab = openLab()
  await exits(0, lab.change())
  await lab.ok('snapshot take')
  await exits(0, lab.agreed('rollback @latest'))
  await lab.ok('publish')
  await lab.ok('store backup whole.db')
  return lab
}

function verified({ dir, clock }: Lab, path: string) {
  const installKey = fileText(dir, '.eosflow/install.key').trim()
  return verifyStore(
    path,
    { installKey: { key: installKey, old: [] } },
    { verifier: undefined, anchors: [], now: clock.now(), words: hintWords },
  )
}

test('[S17] [S21] each text of a store is found by its name: deleted, altered, emptied, in the place of another', {
  tags: 'long',
}, async () => {
  const lab = await filled()
  const whole = join(lab.dir, 'whole.db')
  const path = join(temporaryFolder(), 'store.db')
  const refs = refsIn(whole)
  expect(refs.length).toBeGreaterThan(12)
  copyFileSync(whole, path)
  expect((await verified(lab, path)).fault).toBeUndefined()
  for (const [what, sql] of Object.entries(DONE))
    for (const ref of refs) {
      copyFileSync(whole, path)
      tamper(path, sql(ref))
      expect((await verified(lab, path)).fault?.reason, `${ref} ${what}`).toContain(ref)
    }
})

test('[S21] a store without its texts is not called whole, nor verified in a copy, nor restored', {
  tags: 'long',
}, async () => {
  const lab = await filled()
  tamper(join(lab.dir, '.eosflow/store.db'), 'DELETE FROM blob')
  await prints(6, lab.eosflow('audit verify'), /the text blob:[0-9a-f]{64} that it names is missing/)
  await warns(
    4,
    lab.eosflow('store backup without.db'),
    /✖ store: the journal does not verify at record \d+: the text blob:[0-9a-f]{64} that it names is missing/,
  )
  tamper(join(lab.dir, 'whole.db'), 'DELETE FROM blob')
  await warns(4, lab.eosflow('store restore whole.db --reason x --set-aside'), 'that it names is missing')
})
