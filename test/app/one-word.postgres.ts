// @module-tag night
import { expect, test } from 'vitest'
import { everyNth } from '../extent.ts'
import { freshDatabase, openedAt, serverForTests } from '../postgres/store-for-test.ts'
import { livedThrough, startSite, WAYS } from './words/site.ts'

const servers = serverForTests()

test.for(everyNth(10, 'ways of approving, in a database', Object.keys(WAYS)))(
  '[S13] one word of one person sends a plan once, in a database: %s',
  { timeout: 120_000 },
  async (name) => {
    const way = WAYS[name]
    if (way === undefined) throw new Error(name)
    const address = await freshDatabase(servers.server)
    const site = await startSite((clock) => openedAt(address, { clock }))
    expect(await livedThrough(site, way)).toEqual({ cases: 45, sends: 75 })
  },
)
