import { chmodSync, chownSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileClaims } from '../../../../src/change/record/sqlite/claims.ts'
import { temporaryFolder } from '../../../lab/folder.ts'

test.skipIf(process.getuid?.() !== 0)(
  '[3G8] a lock whose file cannot be taken away, because its folder may not be written any more, ends all the same',
  async () => {
    const folder = temporaryFolder()
    chownSync(folder, 0, 0)
    const left: string[] = []
    const claims = fileClaims(folder, (file) => left.push(file))
    const claim = await claims.claim('x1')
    chmodSync(folder, 0o555)
    process.seteuid?.(65_534)
    try {
      await claim.release()
    } finally {
      process.seteuid?.(0)
    }
    expect(existsSync(join(folder, 'running-x1'))).toBe(true)
    expect(left).toEqual([join(folder, 'running-x1')])
    expect(await claims.isClaimed('x1')).toBe(false)
  },
)
