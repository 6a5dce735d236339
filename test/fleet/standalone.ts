import type { Fabric } from '../../src/sim/fabric/fabric.ts'

/** Switches without a cable, `access1` and on. */
export function standalone(count: number): Fabric {
  return {
    name: 'standalone',
    credentials: { username: 'admin', password: 'admin' },
    devices: Array.from({ length: count }, (_, n) => ({
      name: `access${n + 1}`,
      eos: '4.32.2F',
      model: 'DCS-7050SX3-48YC8',
      serial: `JPE${String(n).padStart(8, '0')}`,
      mac: `00:1c:73:70:${hex(n >> 8)}:${hex(n & 255)}`,
      config: `hostname access${n + 1}\n!\nvlan 110\n   name PROD-WEB\n!\nmanagement api http-commands\n   no shutdown\n!\nend\n`,
      managementOutside: true,
    })),
    cabling: [],
    faults: [],
  }
}

const hex = (n: number): string => n.toString(16).padStart(2, '0')
