import { describe } from 'vitest'
import { deviceContract, fenceContract } from '../../eos/transport/device-contract.ts'
import { behindHops } from '../../eos/transport/ssh/hop-server.ts'
import { extentOfLong } from '../../extent.ts'
import { hasIpv6, withoutIpv6 } from '../../lab/loopback.ts'
import { hasSshd, SSH_USER, startSshd, withoutSshd } from './sshd.ts'

/** A switch behind two servers of OpenSSH, both at this address. */
async function behindTwo(eos: string, over: 'eapi' | 'ssh', host: string) {
  const [bastion, core] = [await startSshd('bastion', host), await startSshd('core', host)]
  return behindHops(eos, over, {
    hops: [bastion.hop, core.hop],
    user: { username: SSH_USER.username, key: SSH_USER.key.private },
    close: async () => {
      await Promise.all([bastion.remove(), core.remove()])
    },
  })
}

/** Each line that is typed over SSH is an answer to wait for, through both: the night has the time. */
const TRANSPORTS = extentOfLong(['eapi'] as const, ['eapi', 'ssh'] as const)

describe.skipIf(!hasSshd)(`two servers of OpenSSH on the way${withoutSshd}`, () => {
  for (const over of TRANSPORTS) {
    deviceContract(`${over} behind them, EOS 4.32.2F`, () => behindTwo('4.32.2F', over, '127.0.0.1'))
    fenceContract(`${over} behind them, EOS 4.32.2F`, () => behindTwo('4.32.2F', over, '127.0.0.1'))
  }
})

describe.skipIf(!hasSshd || !hasIpv6 || extentOfLong(true, false))(
  `the same at addresses of IPv6${withoutSshd}${withoutIpv6}`,
  () => {
    deviceContract('eAPI behind them, EOS 4.31.2F', () => behindTwo('4.31.2F', 'eapi', '::1'))
  },
)
