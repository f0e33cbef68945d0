/**
 * The style sheet of the report: light and dark, for screen and print. Statuses differ in lightness and
 * always have a name next to their colour.
 *
 * @internal
 */
export const reportStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a2230;--soft:#586478;--line:#dfe3ea;--accent:#1f4f8f;
--ready:#2c7a5b;--blocked:#d08a12;--refused:#b23a48;--ready-bg:#e3f2eb;--blocked-bg:#fcf0d8;--refused-bg:#fae3e5;
--ready-ink:#1c5a42;--blocked-ink:#754a00;--refused-ink:#8a2230}
@media screen and (prefers-color-scheme:dark){:root{--page:#10151d;--card:#18202b;--ink:#e6eaf1;--soft:#9aa7ba;--line:#2b3645;--accent:#8ab6f5;
--ready:#3fa37b;--blocked:#dfa233;--refused:#dc6472;--ready-bg:#16362a;--blocked-bg:#3d2d0d;--refused-bg:#42191f;
--ready-ink:#8fd9b8;--blocked-ink:#f2c978;--refused-ink:#f5a3ac}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px 64px}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.2rem;margin:36px 0 10px}
h3{font-size:.95rem;margin:18px 0 6px}
p{margin:4px 0 10px}
.soft{color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;margin:20px 0 14px}
.tile{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--line);border-radius:8px;padding:12px 14px}
.tile b{display:block;font-size:1.8rem;line-height:1.15;font-variant-numeric:tabular-nums}
.tile small{display:block;color:var(--soft);line-height:1.35}
.tile.ready{border-top-color:var(--ready)}.tile.blocked{border-top-color:var(--blocked)}.tile.refused{border-top-color:var(--refused)}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin:0 0 14px;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.92rem}
table.few{max-width:420px}
caption{text-align:left;color:var(--soft);padding:0 0 6px}
th,td{text-align:left;vertical-align:top;padding:6px 14px 6px 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);white-space:nowrap}
tr:last-child>td,tr:last-child>th{border-bottom:0}
tbody th{color:var(--ink)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.id{font-family:ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace;white-space:nowrap;overflow-wrap:anywhere}
.chip{display:inline-block;border-radius:99px;padding:1px 10px;font-size:.83rem;font-weight:600;white-space:nowrap}
.chip{background:var(--line);color:var(--ink)}
.chip.ready{background:var(--ready-bg);color:var(--ready-ink)}
.chip.blocked{background:var(--blocked-bg);color:var(--blocked-ink)}
.chip.refused{background:var(--refused-bg);color:var(--refused-ink)}
.rule{color:var(--soft);font-size:.8rem;text-decoration:none;border-bottom:1px dotted var(--soft);white-space:nowrap}
ul{margin:0;padding:0;list-style:none}
td li+li{margin-top:4px}
details{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:0 0 10px;content-visibility:auto;contain-intrinsic-size:auto 50px}
summary{cursor:pointer;padding:11px 16px;display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center}
summary::before{content:"▸";color:var(--soft)}
details[open]>summary::before{content:"▾"}
summary::-webkit-details-marker{display:none}
summary b{margin-right:auto;min-width:0;overflow-wrap:anywhere}
summary:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
details>div{padding:2px 16px 16px;overflow-wrap:anywhere}
.two{display:grid;grid-template-columns:minmax(0,1fr);gap:0 36px}
@media(min-width:860px){.two{grid-template-columns:minmax(0,5fr) minmax(0,7fr)}}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.check li{padding:3px 0 3px 26px;position:relative}
.check i{position:absolute;left:0;font-style:normal;font-weight:700}
.check .done i{color:var(--ready)}
.check .open i{color:var(--blocked-ink)}
svg{display:block}
svg text{fill:var(--ink);font:13px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
svg .soft{fill:var(--soft)}
svg .track{fill:var(--line)}
svg .ready{fill:var(--ready)}svg .blocked{fill:var(--blocked)}svg .refused{fill:var(--refused)}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 10px;color:var(--soft);font-size:.9rem}
.key i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px}
i.ready{background:var(--ready)}i.blocked{background:var(--blocked)}i.refused{background:var(--refused)}
a{color:var(--accent)}
@media(max-width:640px){main{padding:20px 12px 48px}.tiles{grid-template-columns:1fr 1fr}
table.rows,.rows tbody,.rows tr,.rows td,.rows tbody th,.rows caption{display:block}
.rows thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.rows tr{padding:8px 0;border-bottom:1px solid var(--line)}.rows tr:last-child{border-bottom:0}
.rows td,.rows tbody th{border:0;padding:1px 0;text-align:left;white-space:normal}.rows td:empty{display:none}
.rows td.n,.rows .id,.rows .inline{display:inline-block;margin-right:10px}.rows td.n{color:var(--soft)}
.accounts td.n::before{content:"line "}.todo td.n::after{content:" ×"}.todo td:nth-child(3)::before{content:"→ "}}
@media print{:root{color-scheme:light;--page:#fff}main{max-width:none;padding:0}.tile,tr,svg,summary,.check li{break-inside:avoid}h2,h3,summary{break-after:avoid}details{content-visibility:visible}}
`
