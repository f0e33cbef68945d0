/**
 * Questions about a page in a browser. Each function runs in the page and refers to nothing outside itself.
 */

/** Elements that are wider than the page, or whose text is cut off. */
export const overflowing = (): readonly string[] => {
  const width = document.documentElement.clientWidth
  const problems = document.documentElement.scrollWidth > width ? ['the page'] : []
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('.heard, title, thead') !== null) continue
    const { right, left } = element.getBoundingClientRect()
    const isCut =
      element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && element.tagName !== 'svg'
    if (right > width + 1 || left < -1 || isCut)
      problems.push(`${element.tagName}: ${element.textContent.slice(0, 40)}`)
  }
  return problems
}

/** Texts whose contrast with their background is below 4.5, as WCAG 2 computes it. */
export const lowContrasts = (): readonly string[] => {
  const rgb = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
  const isSeen = (color: string) => color.startsWith('rgb(') || (rgb(color)[3] ?? 0) > 0
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = rgb(color).map((each) => {
      const share = each / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)'
    const { backgroundColor } = getComputedStyle(element)
    return isSeen(backgroundColor) ? backgroundColor : behind(element.parentElement)
  }
  const problems: string[] = []
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
    if (!own || element.closest('title, desc, style') !== null) continue
    const { color, fill } = getComputedStyle(element)
    const ink = element.closest('svg') === null ? color : fill
    const [light = 0, dark = 0] = [luminance(ink), luminance(behind(element))].sort((a, b) => b - a)
    const contrast = (light + 0.05) / (dark + 0.05)
    if (contrast < 4.5) problems.push(`${contrast.toFixed(1)} ${ink}: ${element.textContent.slice(0, 40)}`)
  }
  return [...new Set(problems)]
}

/** The positions of the parts of the chart. */
export const asSeen = () => {
  const boxes = (selector: string) =>
    [...document.querySelectorAll(selector)].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return { x, y, width, height }
    })
  return { tracks: boxes('svg .track'), bars: boxes('svg rect:not(.track)'), texts: boxes('svg text') }
}
