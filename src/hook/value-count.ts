/** How many values JSON text holds at most: one more than it has commas and opening brackets outside of its texts. What is no JSON has a number, too. */
export function valueCount(json: Uint8Array): number {
  let [count, isText] = [1, false]
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === QUOTE) isText = !isText
    else if (isText) at += byte === BACKSLASH ? 1 : 0
    else if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1
  }
  return count
}

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [...'"\\,[{'].map((character) => character.charCodeAt(0))
