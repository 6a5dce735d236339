import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An inventory of Ansible in a folder. */
export interface GeneratedFabric {
  readonly hosts: number
  /** Bytes of all its files. */
  readonly bytes: number
  /** Of the file that is given to the reader. */
  readonly path: string
}

const PER_GROUP = 11

/**
 * Writes an inventory as AVD has them: hosts in pods, settings of the fabric and of each pod, and a file of interfaces and VLANs for each
 * host, of about `hostBytes`.
 */
export function generateFabric(dir: string, hosts: number, hostBytes: number): GeneratedFabric {
  let bytes = 0
  const write = (path: string, text: string): void => {
    bytes += text.length
    writeFileSync(join(dir, path), text)
  }
  mkdirSync(join(dir, 'group_vars'), { recursive: true })
  mkdirSync(join(dir, 'host_vars'))
  const names = Array.from({ length: hosts }, (_, index) => `leaf${String(index + 1).padStart(4, '0')}`)
  const pods = Array.from({ length: Math.ceil(hosts / PER_GROUP) }, (_, pod) =>
    names.slice(pod * PER_GROUP, (pod + 1) * PER_GROUP),
  )
  const members = pods.map(
    (pod, index) =>
      `        POD${index}:\n          hosts:\n${pod.map((name, at) => `            ${name}: { ansible_host: 198.51.${index % 256}.${at + 1} }\n`).join('')}`,
  )
  write(
    'hosts.yml',
    `all:\n  vars: { ansible_network_os: arista.eos.eos }\n  children:\n    FABRIC:\n      children:\n${members.join('')}`,
  )
  write('group_vars/FABRIC.yml', settings(6_000))
  for (const index of pods.keys()) write(`group_vars/POD${index}.yml`, settings(4_000))
  for (const [index, name] of names.entries()) write(`host_vars/${name}.yml`, interfaces(index, hostBytes))
  return { hosts, bytes, path: 'hosts.yml' }
}

function settings(bytes: number): string {
  let text = '---\nntp:\n  servers:\n    - name: 192.0.2.1\n      preferred: yes\nsvis:\n'
  for (let vlan = 100; text.length < bytes; vlan += 1)
    text += `  - { id: ${vlan}, name: "VLAN_${vlan}", tenant: tenant-${vlan % 7}, mtu: 9214 }\n`
  return text
}

function interfaces(seed: number, bytes: number): string {
  let text = `---\nasn: ${65_000 + seed}\nloopback: 10.${Math.floor(seed / 250)}.${seed % 250}.1/32\nmotd: |\n  This is switch ${seed}.\n  Do not touch.\nethernet_interfaces:\n`
  for (let port = 1; text.length < bytes; port += 1)
    text += `  - name: Ethernet${port}\n    description: "to server ${seed}-${port}: rack {{ rack }}"\n    mode: trunk\n    vlans: 10-20,${port}\n    shutdown: false\n    speed: forced 100gfull\n    mtu: 9214\n    spanning_tree: { portfast: edge, bpduguard: 'enabled' }\n`
  return text
}
