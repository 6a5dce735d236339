import { afterAll, beforeAll } from 'vitest'
import { type Cluster, startCluster } from './cluster.ts'

/** A server and its standby, there for the tests of the file that calls this. */
export interface WithStandby {
  readonly primary: Cluster
  readonly standby: Cluster
}

/** Begins a server and its standby before the tests of a file, and ends them behind them. */
export function withStandby(): WithStandby {
  const begun: Partial<Record<keyof WithStandby, Cluster>> = {}
  beforeAll(async () => {
    begun.primary = await startCluster()
    begun.standby = await startCluster({ standbyOf: { primary: begun.primary, name: 'second' } })
  })
  afterAll(async () => {
    await begun.standby?.end()
    await begun.primary?.end()
  })
  const the = (which: keyof WithStandby): Cluster => {
    const cluster = begun[which]
    if (cluster === undefined) throw new Error(`the ${which} has not begun`)
    return cluster
  }
  return {
    get primary() {
      return the('primary')
    },
    get standby() {
      return the('standby')
    },
  }
}
