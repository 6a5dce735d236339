/**
 * Constants of the hardware, which no configuration says. EOS computes them from the board and the transceiver; here
 * they follow from the model name and the port name.
 */

/** Whether the ports of a model are cages for transceivers (hardware), not interfaces of a virtual machine. */
export function hasCages(model: string): boolean {
  return model.startsWith('DCS-') || model.startsWith('CCS-')
}

const GIGA = 1_000_000_000

/** Bits per second of a port: `speed` where it is configured, else what the cage takes (vEOS and cEOS: 1 Gb/s). */
export function portBandwidth(model: string, port: string, speed: string | undefined): number {
  const configured = /(\d+)(g)?/.exec(speed ?? '')
  if (speed !== undefined && speed !== 'auto' && configured !== null) {
    return Number(configured[1]) * (configured[2] === 'g' ? GIGA : 1_000_000)
  }
  if (port.startsWith('Management') || !hasCages(model)) return GIGA
  if (port.includes('/')) return 100 * GIGA
  return model.includes('Y') ? 25 * GIGA : 10 * GIGA
}

/** What `show interfaces status` prints under Type for a port with a cable in it, and `interfaceType` in JSON. */
export function transceiverType(model: string, port: string): string {
  if (port.startsWith('Management')) return '10/100/1000'
  if (!hasCages(model)) return 'EbraTestPhyPort'
  if (port.includes('/')) return '100GBASE-CR4'
  return model.includes('Y') ? '25GBASE-CR' : '10GBASE-CR'
}
