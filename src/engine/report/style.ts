/** How the report looks: light, dark where the reader's screen is, light on paper. */
const LIGHT = `--ground:#fff;--text:#1d1e22;--quiet:#5b5d66;--line:#e2e2e5;--strong-line:#cbccd0;--ink:#54565e;--well:#f4f4f5;--grid:#ececee;--accent:#6340c4`;
const DARK = `--ground:#17181a;--text:#ececee;--quiet:#a2a4ab;--line:#2c2d31;--strong-line:#3f4146;--ink:#a9abb3;--well:#212226;--grid:#2a2b2f;--accent:#ac9bf5`;

export const STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{font:14px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--text);background:var(--ground);max-width:58rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0}h2{font-size:1.15rem;margin:3rem 0 .75rem}h3{font-size:1rem;margin:0}p{margin:.4rem 0}
.quiet{color:var(--quiet)}.small{font-size:.86em}
header{display:flex;gap:2rem;align-items:flex-start;justify-content:space-between;padding-bottom:1.25rem;border-bottom:2px solid var(--text)}
.answer{font-size:1.1rem;margin:.5rem 0 0;max-width:38rem}
.score{text-align:right;white-space:nowrap}.score b{display:block;font-size:2.75rem;line-height:1;font-variant-numeric:tabular-nums}
.about{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin-top:.75rem;color:var(--quiet);font-size:.86em}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:middle}
th{font-weight:400}thead th{color:var(--quiet);font-size:.86em;border-bottom-color:var(--strong-line)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td:last-child,th:last-child{padding-right:0}
.bill b{font-weight:600}.bill .axis{width:260px;padding:0;position:relative}.bill .axis svg{display:block}.bill tbody .axis svg{position:absolute;top:0;left:0;height:100%}.total{height:2.4rem}.total th{font-weight:600}
.grid{stroke:var(--grid)}.tick{fill:var(--text)}.join{stroke:var(--strong-line);stroke-dasharray:1.5 2.5}
.price{stroke:var(--ink);stroke-width:1.25}.price.exact{fill:var(--ink)}.price.measured{fill:url(#ruled)}.price.estimated{fill:var(--ground)}.rule{fill:var(--ink)}
svg text{fill:var(--quiet);font-size:11px}.total svg text{fill:var(--text)}
.sure{white-space:nowrap}.sure svg{margin-right:.35rem}
.facts{width:auto;margin:.5rem 0;font-size:.93em}.facts caption{text-align:left;font-weight:600;padding-bottom:.2rem;white-space:nowrap}.facts th{color:var(--quiet)}.facts th,.facts td{padding:.25rem 1.5rem .25rem 0}
.side{display:flex;flex-wrap:wrap;gap:1rem 3rem;align-items:flex-start}
.cause{padding:1.25rem 0;border-top:1px solid var(--strong-line)}.cause h3 code{font-weight:400;font-size:.8em;margin-left:.5rem}.cause .do{margin-top:.6rem}
.pictures{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1rem;margin:.9rem 0 .4rem}
figure{margin:0}figcaption{font-size:.86em;margin-top:.35rem}figcaption span{display:block;color:var(--quiet);overflow-wrap:anywhere}
.pictures svg{display:block;width:100%;height:auto;border-radius:4px;background:var(--well)}
.pictures rect{fill:none}.casing{stroke:#0b0c0e;stroke-opacity:.75}.other{opacity:.6}.label{stroke:#3fcf9b}.prediction{stroke:#ff8a4c}.dashed{stroke-dasharray:6 4}
.pictures .plate{fill:#0b0c0e;fill-opacity:.82}.pictures text{fill:#fff;font-size:11px;font-weight:500}
.metrics{columns:3;column-gap:2.5rem}.metrics div{display:flex;justify-content:space-between;gap:1rem;padding:.25rem 0;border-bottom:1px solid var(--line);break-inside:avoid}.metrics span:first-child{overflow-wrap:anywhere}.metrics b{font-weight:500;font-variant-numeric:tabular-nums}
.bar{fill:var(--ink)}.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:1.25rem}.curve{fill:none;stroke:var(--text);stroke-width:1.5}.frame{fill:none;stroke:var(--strong-line)}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--quiet);font-size:.86em}
@media screen and (max-width:44rem){table{display:block;overflow-x:auto}.bill .axis{display:none}header,.pictures{display:block}.score{text-align:left;margin-top:1rem}.metrics{columns:1}figure{margin-bottom:1rem}}
@media print{body{font-size:9.5pt;max-width:none;padding:0}h2,h3{break-after:avoid}tr,figure,.pictures{break-inside:avoid}h2{margin-top:1.75rem}.cause{padding:.9rem 0}}`;
