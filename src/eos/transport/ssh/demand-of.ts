import type { Duplex } from 'node:stream'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { authoritiesOf, type HostKeyDemand, hostKeyDemand, type SshHost } from './known-hosts.ts'

export interface DemandPorts {
  readonly clock: Clock
  /** The text of a file of known hosts, empty when there is no such file. */
  readonly readKnownHosts?: (file: string) => Promise<string>
  readonly open: () => Promise<Duplex>
  readonly milliseconds: number
}

export async function demandOf(
  target: SshHost,
  { clock, readKnownHosts, open, milliseconds }: DemandPorts,
): Promise<HostKeyDemand> {
  const { hostKey } = target
  if (hostKey.mode === 'pin') return hostKeyDemand(target, '')
  if (readKnownHosts === undefined) throw new EosflowError('bug', 'no reader of known_hosts files was given')
  const knownHosts = await readKnownHosts(hostKey.file)
  if (authoritiesOf(knownHosts, target).length === 0) return hostKeyDemand(target, knownHosts)
  const [{ certifiedDemand }, { scanHostCertificate }] = await Promise.all([
    import('./certified-host.ts'),
    import('./certificate-scan.ts'),
  ])
  const certificate = await scanHostCertificate(await open(), milliseconds)
  return certifiedDemand(target, { file: hostKey.file, knownHosts, now: clock.now() / 1000 }, certificate)
}
