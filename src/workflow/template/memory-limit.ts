const HEADER_BYTES = 8
const MEMORY_SECTION = 5
/** A memory that may not be shared and has a maximum (WebAssembly Core Specification 5.3.7). */
const HAS_MAXIMUM = 1

/**
 * A WebAssembly module whose one memory cannot grow beyond so many pages of 64 KiB (WebAssembly Core Specification
 * 5.5.8). Throws RangeError for a module that defines none of its own, or one with a maximum already.
 */
export function withMemoryLimit(module: Uint8Array, pages: number): Uint8Array {
  for (let at = HEADER_BYTES; at < module.length; ) {
    const size = readNumber(module, at + 1)
    const end = size.next + size.value
    if (module[at] === MEMORY_SECTION) {
      const section = limitedSection(module.subarray(size.next, end), pages)
      return Buffer.concat([module.subarray(0, at), section, module.subarray(end)])
    }
    at = end
  }
  throw new RangeError('the module defines no memory')
}

/** Of the section `[1, 0, minimum]` makes `[1, 1, minimum, maximum]`, with its number and its length before it. */
function limitedSection(content: Uint8Array, pages: number): Uint8Array {
  if (content[0] !== 1 || content[1] !== 0)
    throw new RangeError('the module does not define one memory without a maximum')
  const limited = Buffer.concat([Buffer.of(1, HAS_MAXIMUM), content.subarray(2), written(pages)])
  return Buffer.concat([Buffer.of(MEMORY_SECTION), written(limited.length), limited])
}

/** An unsigned number in LEB128. */
function readNumber(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let at = from, weight = 1; ; at += 1, weight *= 128) {
    const byte = bytes[at] ?? 0
    value += (byte % 128) * weight
    if (byte < 128) return { value, next: at + 1 }
  }
}

function written(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}
