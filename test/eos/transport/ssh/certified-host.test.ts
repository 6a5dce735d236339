import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { SshTarget } from '../../../../src/eos/device/device.ts'
import { oneSwitchFabric } from '../../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../../src/eos/sim/fabric/simulated-fabric.ts'
import { hostKeyOf, newHostKey } from '../../../../src/eos/sim/ssh/host-key.ts'
import { sshServer } from '../../../../src/eos/sim/ssh/ssh-server.ts'
import { readHostCertificate } from '../../../../src/eos/transport/ssh/host-certificate.ts'
import { sshTransport } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { listenInTest } from '../../../lab/loopback.ts'
import { BOOT } from '../device-contract.ts'

/**
 * Keys and host certificates as ssh-keygen of OpenSSH 9.2 made them (`ssh-keygen -s CA -h -I leaf1 -n … -V …`), for
 * tests alone: no host has these keys.
 */

/** The authorities, each of another type, as known_hosts has them. */
const AUTHORITIES = {
  ed25519: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAGRW8ZmhaYE+6ciAkCO5zrq23bO5s8g8W59EtMGKqQ/',
  ecdsa:
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPZT1QC/qlXAkb1EB90dGCsScE1WgxFsSJYpboSxThMxV62ItnNuuTJ39EJBmEMZQtzQGcmYPOTglbuOovqk6jM=',
  rsa: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDO2JVwBCqJgTbGL6koUJzccYXxv2L6f2ro4thzr+QhxCoH2hkFDHw6Tg7znCmFd45pYtS77NPKHc2WfH5hW5CPkbqE8PraV4Ix1bioGPoRD3anzIJzogw9xK21drYMDtNvtA5sOqHUQA/dnNsTiuNZyo9xgjJZtAeJR0D6EPtg842j8e2A5fJPezsHlVE2T97tTbSKR84I659aoU/SgznhTRf2xMEE7sj40TgyYUfHBJ53rgFMEzP/rdIE1OkNiHyq30WsYiFP5sWRHHeOVQLcvBNyB0mn/np59nZhqQOYTo447mgt4Pvj/hW6sCeT3hihzIHaI4knMCJbH8K7mx+UFJk3KQYIbyogQK3Jg/2JeUNbQJIuY8Xd7EiHJNysAmbMwBl+RZ52WERTEQ1AexEhnrV26UlJMo+ZOO1W08kWoCERznW32ocGbzGaWNunrM3itHyc5usbcA8Ra1M5Drpza7lwz8/uSzqB/t7MQmAO+EBHj7BzXFUmZdQg6JiWkMU=',
}

/** The public keys of the host, base64. */
const HOST_KEYS = {
  ed25519: 'AAAAC3NzaC1lZDI1NTE5AAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNl',
  ecdsa:
    'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMonR9p1k2nwBRxzxO+MU7uqlvhR22wa83r1aljtwlHYUxp/TB+iCC/QPafJOJSdCD4RnJftPRKucVFiY6TV8Ds=',
  rsa: 'AAAAB3NzaC1yc2EAAAADAQABAAABgQC1WfOMJtA2I43biZcQN5C4/wOCasfaRmanUYTGRLaNio7wfPmTpv2TAtMun3SqO3QlNES7GN5+JZLlJ+pwctACIDupPTrLfef+bStCG8FKS2EvE/uXT8kT0t7KGxbwuOftUoFP1s6fcqo3kew+1IJuxIOfg1l4IubvANNiyKztqit7PAe+TWWIcErhPbfjiEMys09gxefqkwwM7M7+wxxmdtJvdLGo3kpaHTdpNDheTPjRuAScHp7vdV5PNyqFxCxeiafKd9oBR4CHPpNgR/9bRnCCZ52iRe3jZkFSVQrVxJz3dqMdm47AOf48i5k1mluC149NJKUXugdBnX0oafEOfLWq1/amMaWiZvfKBXFQCeWzKpl4OIv4T23A5OaMvzDS5N/g78Xd1IcUeDFwLmf+Tq/P8vrIMdfiHiVX4b87G/wiXihte/FuJJsHMsBRctVxJjgxZlXnYoQ21HQSIpfkT7QmGbmCgSH7Ad+pIpFoo8nSG1b7rjP8JmoFUaNHJAE=',
}

/** The private key behind `HOST_KEYS.ed25519`. */
const HOST_PRIVATE_KEY = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACDGSECdOpaTgi9C952bHZ/9EtY+qHuOqX/ngeme6rEzZQAAAIinySzfp8ks
3wAAAAtzc2gtZWQyNTUxOQAAACDGSECdOpaTgi9C952bHZ/9EtY+qHuOqX/ngeme6rEzZQ
AAAEC/B3ImI1e5PiTlEOou7sxFWWdn7yRExob6UKoA1LALS8ZIQJ06lpOCL0L3nZsdn/0S
1j6oe46pf+eB6Z7qsTNlAAAABGhvc3QB
-----END OPENSSH PRIVATE KEY-----
`

/** The certificates, base64. */
const CERTIFICATES = {
  /** By the ed25519 authority for 127.0.0.1 and leaf1.example.net, from 2020 to 2049. */
  good: 'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIPNuC4bbwchx23JAHS3fbqKfmnmtCMiWj6P+XxXNv31yAAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNlAAAAAAAAAAcAAAACAAAABWxlYWYxAAAAIgAAAAkxMjcuMC4wLjEAAAARbGVhZjEuZXhhbXBsZS5uZXQAAAAAXgvhAAAAAACWeSSAAAAAAAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACABkVvGZoWmBPunIgJAjuc66tt2zubPIPFufRLTBiqkPwAAAFMAAAALc3NoLWVkMjU1MTkAAABAOvittPdwHYtLMkMpL19Un4+nHyjoraaNzB31GDxmopxBx7ejpuPgWPZ2S19f0VZv9rHCN3pPsYIDeRMYlvBEBA==',
  /** The ECDSA key, by the RSA authority. */
  rsaca:
    'AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgYzOgTWMkmpjqUr4LN0c6cpGAVy41yI9cjZ59zVDfHYQAAAAIbmlzdHAyNTYAAABBBMonR9p1k2nwBRxzxO+MU7uqlvhR22wa83r1aljtwlHYUxp/TB+iCC/QPafJOJSdCD4RnJftPRKucVFiY6TV8DsAAAAAAAAAAAAAAAIAAAAFbGVhZjEAAAANAAAACTEyNy4wLjAuMQAAAABeC+EAAAAAAJZ5JIAAAAAAAAAAAAAAAAAAAAGXAAAAB3NzaC1yc2EAAAADAQABAAABgQDO2JVwBCqJgTbGL6koUJzccYXxv2L6f2ro4thzr+QhxCoH2hkFDHw6Tg7znCmFd45pYtS77NPKHc2WfH5hW5CPkbqE8PraV4Ix1bioGPoRD3anzIJzogw9xK21drYMDtNvtA5sOqHUQA/dnNsTiuNZyo9xgjJZtAeJR0D6EPtg842j8e2A5fJPezsHlVE2T97tTbSKR84I659aoU/SgznhTRf2xMEE7sj40TgyYUfHBJ53rgFMEzP/rdIE1OkNiHyq30WsYiFP5sWRHHeOVQLcvBNyB0mn/np59nZhqQOYTo447mgt4Pvj/hW6sCeT3hihzIHaI4knMCJbH8K7mx+UFJk3KQYIbyogQK3Jg/2JeUNbQJIuY8Xd7EiHJNysAmbMwBl+RZ52WERTEQ1AexEhnrV26UlJMo+ZOO1W08kWoCERznW32ocGbzGaWNunrM3itHyc5usbcA8Ra1M5Drpza7lwz8/uSzqB/t7MQmAO+EBHj7BzXFUmZdQg6JiWkMUAAAGUAAAADHJzYS1zaGEyLTUxMgAAAYBdv5OsN6eYBe10OPX1yp3cfuGi2WH7jHDUTdQ3lNBQsY03q9UCHS69PPq5VJZRmterLlc2SmudBKKsN4IOyFW7eBj+CmK76Ahu/1GTLvV9EBFbc2pwEFtD1Cr5eGhFbsrH/ZAKJQwK8muFBy3Qr7MeNeUBiYDXm7APdbTfGfKKcjI3RcadltE2tBP5tWfo1mihJ4WmU1BiZDCxFtIrTI9bP06ZBqJDp8VgIcd87ZCYml1OdCjracH20Q/nY3HO4QWO7ShkOWOfPiL3xrF3+F79SSp6FEKuES+YSamCalmbKnWpWKeo1iqI4HdoLdev6Wn98MGVjL+aAP3tdOPOWsa4JWc05jqO3a93sDXMM4ZA6tybNHUqp2nGiv86fxcbBZkrVQWF/AvnBjIk1QjzSykQ8PF9uedhrfxw3fW+hn5wVbg7bpajljLWJkA56l3w7nHEU+rQWsMX/q5geevduALiIN9SFFfW0KNG3TQuS/jyXEcn77HQ7E7McrMqbLTv6po=',
  /** The RSA key, by the ECDSA authority. */
  ecca: 'AAAAHHNzaC1yc2EtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgEfsMuyz6VCgTiXQsETCdV/Z8aLeV6XsT5msudMQuv+0AAAADAQABAAABgQC1WfOMJtA2I43biZcQN5C4/wOCasfaRmanUYTGRLaNio7wfPmTpv2TAtMun3SqO3QlNES7GN5+JZLlJ+pwctACIDupPTrLfef+bStCG8FKS2EvE/uXT8kT0t7KGxbwuOftUoFP1s6fcqo3kew+1IJuxIOfg1l4IubvANNiyKztqit7PAe+TWWIcErhPbfjiEMys09gxefqkwwM7M7+wxxmdtJvdLGo3kpaHTdpNDheTPjRuAScHp7vdV5PNyqFxCxeiafKd9oBR4CHPpNgR/9bRnCCZ52iRe3jZkFSVQrVxJz3dqMdm47AOf48i5k1mluC149NJKUXugdBnX0oafEOfLWq1/amMaWiZvfKBXFQCeWzKpl4OIv4T23A5OaMvzDS5N/g78Xd1IcUeDFwLmf+Tq/P8vrIMdfiHiVX4b87G/wiXihte/FuJJsHMsBRctVxJjgxZlXnYoQ21HQSIpfkT7QmGbmCgSH7Ad+pIpFoo8nSG1b7rjP8JmoFUaNHJAEAAAAAAAAAAAAAAAIAAAAFbGVhZjEAAAANAAAACTEyNy4wLjAuMQAAAABeC+EAAAAAAJZ5JIAAAAAAAAAAAAAAAAAAAABoAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPZT1QC/qlXAkb1EB90dGCsScE1WgxFsSJYpboSxThMxV62ItnNuuTJ39EJBmEMZQtzQGcmYPOTglbuOovqk6jMAAABjAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAABIAAAAICXFATQOV1C7VrT7HU6bSgazQHd+GZg0tm0NpVcBWpUcAAAAIGk3Wx0HJf35mV4h7z3csndQ8b9GLMFvjJS6nYRt7gZ1',
  /** As good, but of a user. */
  user: 'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIKC0oeRlB4um5DdIvLD430D+ytI85EFbtPCXURrxCswfAAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNlAAAAAAAAAAAAAAABAAAABWxlYWYxAAAADQAAAAkxMjcuMC4wLjEAAAAAXgvhAAAAAACWeSSAAAAAAAAAAIIAAAAVcGVybWl0LVgxMS1mb3J3YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1MTkAAAAgAZFbxmaFpgT7pyICQI7nOurbds7mzyDxbn0S0wYqpD8AAABTAAAAC3NzaC1lZDI1NTE5AAAAQHkZsJZtK8XHk8pp5b+LMvjI+L2zCEIetsunze5sz3eigLJdPyIq37UnZKaPtwSBLRkPowY8Vxhl7mbAlxsYXAA=',
  /** Of January 2020. */
  expired:
    'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIDn+mmfB6wfktE+qyhH6qrndvDtQ/3Gz7la2dRODGDAmAAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNlAAAAAAAAAAAAAAACAAAABWxlYWYxAAAADQAAAAkxMjcuMC4wLjEAAAAAXgvhAAAAAABeNL+AAAAAAAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACABkVvGZoWmBPunIgJAjuc66tt2zubPIPFufRLTBiqkPwAAAFMAAAALc3NoLWVkMjU1MTkAAABAvpQQtAOT7lgn1OjdZT+wzsBKo8JtOYHsDDEo4BP8GhDB1u454C055O43mL7LpHoLmqCXzgH/y3kwoWevVWNlAQ==',
  /** From 2048 on. */
  early:
    'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIBhnu42860SDFfA05OZsdmGHuRuhhbGriolSfUnyUxhoAAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNlAAAAAAAAAAAAAAACAAAABWxlYWYxAAAADQAAAAkxMjcuMC4wLjEAAAAAkra9gAAAAACWeSSAAAAAAAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACABkVvGZoWmBPunIgJAjuc66tt2zubPIPFufRLTBiqkPwAAAFMAAAALc3NoLWVkMjU1MTkAAABASNcWw90UXBbnTEbYvzUAMrUCwYVXMqEMfHn4YdxHBFRYpqzLPkdj9Q+ySBSBx0bd0dkupl0XE2uXStitHvEOBw==',
  /** Without principals. */
  nobody:
    'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIHG1Kqd7AFCmJJBCZ/ZoPaM5c0zvy1z7fxXeXYvmM87FAAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNlAAAAAAAAAAAAAAACAAAABWxlYWYxAAAAAAAAAABeC+EAAAAAAJZ5JIAAAAAAAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIAGRW8ZmhaYE+6ciAkCO5zrq23bO5s8g8W59EtMGKqQ/AAAAUwAAAAtzc2gtZWQyNTUxOQAAAEAqNobEbsAVbTfm1c7KFB/H7Ps019tZPMNOYQvWaqjQq0cUEd+BfjOMhaolY8v8IPmbGuH8cAlfO6zLpe4xKGgI',
  /** For leaf9.example.net. */
  elsewhere:
    'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIMpDsm6pBqkcVGZ6NtOY/FxU3vAUJ9ZP8x88Prsv8lxcAAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNlAAAAAAAAAAAAAAACAAAABWxlYWYxAAAAFQAAABFsZWFmOS5leGFtcGxlLm5ldAAAAABeC+EAAAAAAJZ5JIAAAAAAAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIAGRW8ZmhaYE+6ciAkCO5zrq23bO5s8g8W59EtMGKqQ/AAAAUwAAAAtzc2gtZWQyNTUxOQAAAEBcdS800CjPpl82XYZZ/zQ5t7MD0fOIDDRQtG/+scCYD2uKXvWrLLt5RkzRt0kyCa0nKIjBGN6aqU7DHrJ7fX0C',
  /** With a critical option. */
  critical:
    'AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIERCElKaD2ELvSsv8ON8XmBM5XMI0v5l4KzA7PSAKWzkAAAAIMZIQJ06lpOCL0L3nZsdn/0S1j6oe46pf+eB6Z7qsTNlAAAAAAAAAAAAAAACAAAABWxlYWYxAAAADQAAAAkxMjcuMC4wLjEAAAAAXgvhAAAAAACWeSSAAAAAIwAAABt2ZXJpZnktcmVxdWlyZWRAZXhhbXBsZS5uZXQAAAAAAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIAGRW8ZmhaYE+6ciAkCO5zrq23bO5s8g8W59EtMGKqQ/AAAAUwAAAAtzc2gtZWQyNTUxOQAAAEDAyTtm3Zs+beHK49YFPt+27WjybigfCMJDR8j6Gfr/pZQi9v9gJ0jsAJCM/yQm6IfZ2okqB7LjN1N2A+8bEqMC',
  /** The ECDSA key, by the ed25519 authority. */
  otherkey:
    'AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgGVRAAvwH/Rn6YXoBsf5lnHlihhjygTeXTKnnkIV+L1EAAAAIbmlzdHAyNTYAAABBBMonR9p1k2nwBRxzxO+MU7uqlvhR22wa83r1aljtwlHYUxp/TB+iCC/QPafJOJSdCD4RnJftPRKucVFiY6TV8DsAAAAAAAAAAAAAAAIAAAAFbGVhZjEAAAANAAAACTEyNy4wLjAuMQAAAABeC+EAAAAAAJZ5JIAAAAAAAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIAGRW8ZmhaYE+6ciAkCO5zrq23bO5s8g8W59EtMGKqQ/AAAAUwAAAAtzc2gtZWQyNTUxOQAAAEDeJEovmiul0lOu5HS6MPSUWLcfRSbzZ1Q3vkVX2o3ljHzwlQ7/xAWcZpKXYVOAAaex5zuMVsi4rvSPdFyAlIIP',
}

type CertificateName = keyof typeof CERTIFICATES

const bytesOf = (name: CertificateName) => Buffer.from(CERTIFICATES[name], 'base64')

describe('a certificate of ssh-keygen', () => {
  test.each([
    ['good', 'ed25519'],
    ['rsaca', 'ecdsa'],
    ['ecca', 'rsa'],
  ] as const)('%s is genuine and certifies the %s key', (name, key) => {
    const certificate = readHostCertificate(bytesOf(name))
    expect(certificate).toMatchObject({ id: 'leaf1', forHosts: true, isGenuine: true, hasCriticalOptions: false })
    expect(Buffer.from(certificate?.key ?? []).toString('base64')).toBe(HOST_KEYS[key])
  })

  test('tells its principals and its days', () => {
    expect(readHostCertificate(bytesOf('good'))).toMatchObject({
      principals: ['127.0.0.1', 'leaf1.example.net'],
      after: 1_577_836_800n,
      before: 2_524_521_600n,
    })
  })

  test('is not genuine any more when one bit of it is another, and never throws', () => {
    const good = bytesOf('good')
    let read = 0
    for (let at = 0; at < good.length; at += 1) {
      const altered = Buffer.from(good)
      altered[at] = (altered[at] ?? 0) ^ 1
      const certificate = readHostCertificate(altered)
      if (certificate === undefined) continue
      read += 1
      expect(certificate.isGenuine, `byte ${at}`).toBe(false)
    }
    expect(read).toBeGreaterThan(200)
  })

  test('is none when it is cut anywhere, or a plain key', () => {
    const good = bytesOf('good')
    for (let length = 0; length < good.length; length += 1)
      expect(readHostCertificate(good.subarray(0, length))?.isGenuine ?? false).toBe(false)
    expect(readHostCertificate(Buffer.from(HOST_KEYS.ed25519, 'base64'))).toBeUndefined()
  })
})

const string = (content: Buffer | string) => {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function packet(payload: Buffer) {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8)
  const head = Buffer.alloc(5)
  head.writeUInt32BE(payload.length + padding + 1)
  head[4] = padding
  return Buffer.concat([head, payload, Buffer.alloc(padding)])
}

/** What OpenSSH 9.2 offered, shortened, and then its answer to any public key. */
function showCertificate(socket: Socket, certificate: Buffer) {
  const algorithms = ['curve25519-sha256', certificate.subarray(4, 4 + certificate.readUInt32BE(0)).toString('latin1')]
  const rest = ['aes128-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256', 'none', 'none', '', '']
  const lists = Buffer.concat([...algorithms, ...rest].map(string))
  socket.write('SSH-2.0-OpenSSH_9.2\r\n')
  socket.write(packet(Buffer.concat([Buffer.of(20), Buffer.alloc(16), lists, Buffer.alloc(5)])))
  socket.write(packet(Buffer.concat([Buffer.of(2), string('an ignored message')])))
  const reply = packet(
    Buffer.concat([Buffer.of(31), string(certificate), string(Buffer.alloc(32)), string(Buffer.alloc(64))]),
  )
  for (const byte of reply) socket.write(Buffer.of(byte))
}

/** A simulated switch before which stands what OpenSSH adds to it: a host certificate for whoever asks for one. */
async function certifiedSwitch(certificate: Buffer | undefined, hostKey = hostKeyOf(HOST_PRIVATE_KEY)) {
  const fabric = oneSwitchFabric(BOOT, { name: 'leaf1' })
  const simulation = new SimulatedFabric(fabric, { clock: new VirtualClock(), random: new SeededRandom() })
  const { terminals } = simulation.get('leaf1')
  const plain = sshServer(terminals, hostKey)
  await plain.start()
  const seen = { scans: 0, sessions: 0 }
  const front = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', async (begin: Buffer) => {
      // Both begin with their version; what is asked for comes with the offer behind it.
      if (begin.toString('latin1').startsWith('SSH-2.0-eosflow_scan\r\n')) {
        seen.scans += 1
        if (certificate === undefined) socket.end('SSH-2.0-OpenSSH_9.2\r\n')
        else showCertificate(socket, certificate)
        return
      }
      seen.sessions += 1
      const { host, port } = plain.address
      const switched = connect(port, host)
      switched.on('error', () => socket.destroy())
      switched.write(begin)
      socket.pipe(switched).pipe(socket)
    })
  })
  onTestFinished(() => plain.stop())
  const port = await listenInTest(front)
  const target: SshTarget = {
    name: 'leaf1',
    host: '127.0.0.1',
    port,
    transport: 'ssh',
    hostKey: { mode: 'known-hosts', file: 'certs/known_hosts' },
  }
  return { target, seen, fabric, simulation }
}

async function hostnameOver(made: Awaited<ReturnType<typeof certifiedSwitch>>, knownHosts: string) {
  const { username, password } = made.fabric.credentials
  const device = await sshTransport({
    clock: systemClock,
    readKnownHosts: async () => knownHosts.replaceAll('HOST', `[127.0.0.1]:${made.target.port}`),
    trust: async () => {
      throw new Error('nobody may be asked about a host that an authority vouches for')
    },
    timeouts: { connectMilliseconds: 5000 },
  }).connect(made.target, { username, password: new Secret(password) }, noFence)
  onTestFinished(() => device.close())
  return device.readConfig().then(
    ({ running }) => /^hostname .*$/m.exec(running)?.[0],
    (error: unknown) => error,
  )
}

const CA = `@cert-authority HOST ${AUTHORITIES.ed25519}\n`

describe('a host that an authority vouches for', () => {
  test('is known by its certificate, and then by the key in it', async () => {
    const made = await certifiedSwitch(bytesOf('good'))
    expect(await hostnameOver(made, `# our switches\n${CA}`)).toBe('hostname leaf1')
    expect(made.seen).toEqual({ scans: 1, sessions: 1 })
  })

  test('is not asked for it when its key is known', async () => {
    const made = await certifiedSwitch(bytesOf('expired'))
    expect(await hostnameOver(made, `${CA}HOST ssh-ed25519 ${HOST_KEYS.ed25519}\n`)).toBe('hostname leaf1')
    expect(made.seen.scans).toBe(0)
  })

  test.each<[CertificateName | undefined, string, string | RegExp, string]>([
    [
      undefined,
      CA,
      'certs/known_hosts:1 trusts an authority for this host, and it shows no host certificate',
      'pin it',
    ],
    ['rsaca', CA, /is signed by SHA256:\S{43}, and certs\/known_hosts:1 trusts another authority/, 'compare the key'],
    ['user', CA, 'certificate `leaf1` is that of a user, not of a host', 'ssh-keygen -s CA'],
    ['expired', CA, 'certificate `leaf1` expired 2020-02-01T00:00:00.000Z', 'ssh-keygen -s CA'],
    ['early', CA, 'certificate `leaf1` is good only from 2048-01-01T00:00:00.000Z on', 'ssh-keygen -s CA'],
    ['nobody', CA, 'certificate `leaf1` is for no host, not for 127.0.0.1', '-h -n HOST'],
    ['elsewhere', CA, 'certificate `leaf1` is for leaf9.example.net, not for 127.0.0.1', '-h -n HOST'],
    ['critical', CA, 'certificate `leaf1` demands something that eosflow does not know', 'ssh-keygen -s CA'],
    [
      'good',
      `${CA}@revoked * ${AUTHORITIES.ed25519}\n`,
      '`leaf1` or the authority of it is revoked by certs/known_hosts:2',
      'compare the key',
    ],
    [
      'good',
      `${CA}@revoked * ssh-ed25519 ${HOST_KEYS.ed25519}\n`,
      '`leaf1` or the authority of it is revoked by certs/known_hosts:2',
      'compare the key',
    ],
  ])('is refused before anything is sent: %s', async (name, knownHosts, message, hint) => {
    const made = await certifiedSwitch(name === undefined ? undefined : bytesOf(name))
    const thrown = await hostnameOver(made, knownHosts)
    expect(thrown).toBeInstanceOf(EosflowError)
    expect(thrown).toMatchObject({ kind: 'tls', device: 'leaf1', retryable: false })
    expect((thrown as EosflowError).message).toMatch(message)
    expect((thrown as EosflowError).hint).toMatch(hint)
    expect(made.seen).toEqual({ scans: 1, sessions: 0 })
  })

  test('is refused when somebody wrote another name into its certificate', async () => {
    const good = bytesOf('good')
    const forged = Buffer.from(good)
    forged.write('leaf2', good.indexOf('leaf1.example.net'), 'latin1')
    const made = await certifiedSwitch(forged)
    const thrown = await hostnameOver(made, CA)
    expect((thrown as EosflowError).message).toContain(
      'certificate `leaf1` does not carry the signature of its authority',
    )
    expect(made.seen).toEqual({ scans: 1, sessions: 0 })
  })

  test('is refused when it shows the certificate of another: the key in it has to be its own', async () => {
    const made = await certifiedSwitch(bytesOf('good'), newHostKey())
    const thrown = await hostnameOver(made, CA)
    expect((thrown as EosflowError).message).toMatch(
      /the host key is SHA256:\S{43}, and its certificate is for SHA256:\S{43}/,
    )
    expect(made.seen).toEqual({ scans: 1, sessions: 1 })
    expect(made.simulation.get('leaf1').device.counters.commands).toEqual({})
  })
})
