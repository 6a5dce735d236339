import { hmac } from '../../model/digest.ts'

const IPV4 = /(?<![\w.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(\/\d{1,2})?(?![\w.]*\w)/g
const IPV6 =
  /(?<![\w:.])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?)(?![\w:])/gi
const MAC = /(?<![\w:.])(?:(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})(?![\w:.])/gi

/**
 * Other addresses in the place of those in a text. Two addresses share as long a prefix as before, so that subnets, neighbours
 * and routes still fit; the first and the last octet stay, and so do masks, loopback, link-local and multicast addresses.
 * Of a MAC address the maker stays.
 */
export class InventedAddresses {
  readonly #key: string

  constructor(key: string) {
    this.#key = key
  }

  /** The text with other addresses in it. */
  in(text: string): string {
    return text
      .replace(MAC, (mac) => this.#mac(mac))
      .replace(IPV6, (address) => this.#ipv6(address))
      .replace(IPV4, (whole, a: string, b: string, c: string, d: string, length: string | undefined) => {
        const octets = [a, b, c, d].map(Number)
        if (octets.some((octet) => octet > 255)) return whole
        return `${this.#ipv4(octets, length === undefined ? 32 : Number(length.slice(1))).join('.')}${length ?? ''}`
      })
  }

  #ipv4(octets: readonly number[], length: number): readonly number[] {
    const [first = 0, second = 0] = octets
    if (first === 0 || first === 127 || first >= 224 || (first === 169 && second === 254)) return octets
    const bits = octets.map((octet) => octet.toString(2).padStart(8, '0')).join('')
    const isNetwork = !bits.slice(length).includes('1')
    const mapped = [...bits].map((bit, at) => {
      if (at < 8 || at >= 24 || leadsToReserved(bits.slice(0, at))) return bit
      if (isNetwork && at >= length) return '0'
      return this.#flips(bits.slice(0, at)) ? (bit === '0' ? '1' : '0') : bit
    })
    return [0, 8, 16, 24].map((from) => Number.parseInt(mapped.slice(from, from + 8).join(''), 2))
  }

  /** The third and fourth groups become others, by what stands before them. */
  #ipv6(address: string): string {
    const [head = '', tail] = address.split('::')
    const groups = head === '' ? [] : head.split(':')
    if (groups.length < 2 || /^(?:fe[89ab]|ff)/i.test(address)) return address
    const mapped = groups.map((group, at) => {
      if (at !== 2 && at !== 3) return group
      const mask = Number.parseInt(this.#digest(`6 ${groups.slice(0, at).join(':').toLowerCase()}`).slice(0, 4), 16)
      return (Number.parseInt(group, 16) ^ mask).toString(16)
    })
    return tail === undefined ? mapped.join(':') : `${mapped.join(':')}::${tail}`
  }

  #mac(mac: string): string {
    const digits = mac.toLowerCase().replace(/[^0-9a-f]/g, '')
    if (/^(?:0+|f+|01005e.*|3333.*)$/.test(digits)) return mac
    const other = [...(digits.slice(0, 6) + this.#digest(`mac ${digits}`).slice(0, 6))]
    return mac.replace(/[0-9a-f]/gi, () => other.shift() ?? '0')
  }

  #flips(prefix: string): boolean {
    return Number.parseInt(this.#digest(`4 ${prefix}`).slice(0, 2), 16) % 2 === 1
  }

  #digest(text: string): string {
    return hmac(this.#key, text).slice('hmac:'.length)
  }
}

/** Private (172.16/12, 192.168/16), shared (100.64/10), link-local (169.254/16) and benchmark (198.18/15) blocks, as bits. */
const RESERVED = ['101011000001', '1100000010101000', '0110010001', '1010100111111110', '110001100001001']

/** Whether a bit behind this prefix decides if an address is in a reserved block: then it stays, on both sides of the edge. */
function leadsToReserved(prefix: string): boolean {
  return RESERVED.some((block) => block.length > prefix.length && block.startsWith(prefix))
}
