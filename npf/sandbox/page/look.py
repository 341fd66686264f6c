"""How the pages look, in light and dark, and the script that renews what nobody is typing in. Data only."""

STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--quiet:#5a6675;--line:#d9dfe6;--paper:#fff;--soft:#f5f7f9;
--accent:#1f5fbf;--on:#fff;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--quiet:#9aa7b5;--line:#333d48;--paper:#14191f;--soft:#1c232b;
--accent:#7db1ff;--on:#0d1520;--bad:#ff8a80}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:0 auto;
padding:1rem 1.25rem 4rem}
h1{font-size:1.35rem;margin:.6rem 0}h2{font-size:1.05rem;margin:2.2rem 0 .6rem}
a{color:var(--accent)}.quiet{color:var(--quiet)}.bad{color:var(--bad)}
code{font-size:.92em;overflow-wrap:anywhere}pre{font-size:.85em;white-space:pre-wrap;overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;border-bottom:1px solid var(--line);padding:.4rem 0}
nav a{text-decoration:none;padding:.2rem 0}nav a[aria-current]{color:var(--ink);font-weight:600;
box-shadow:0 2px 0 var(--accent)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td{overflow-wrap:break-word}time{white-space:nowrap}
th{font-weight:600;color:var(--quiet)}.n{text-align:right}
form{display:flex;flex-wrap:wrap;gap:.7rem 1rem;align-items:start}form>.field~button{margin-top:1.3rem}
form .wide{flex-basis:100%}
.field{display:flex;flex-direction:column;margin:0;min-width:9rem}.field.grow{flex:1 1 16rem}
label,legend{font-size:.85rem;color:var(--quiet)}
input,select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:5px;
padding:.35rem .5rem;width:100%;min-height:2.3rem}
input[aria-invalid],select[aria-invalid]{border-color:var(--bad)}
button{font:inherit;color:var(--on);background:var(--accent);border:1px solid var(--accent);border-radius:5px;
padding:.35rem .9rem;min-height:2.3rem;cursor:pointer}
button.minor,td button{background:none;color:var(--accent)}td button{min-height:0;padding:.1rem .6rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.row{display:flex;flex-wrap:wrap;gap:.7rem;align-items:end}.stack form+form{margin-top:1rem}
.note{background:var(--soft);border-left:3px solid var(--accent);padding:.5rem .9rem;margin:1rem 0}
.note.wrong{border-color:var(--bad)}
.switch{display:grid;grid-template:"name control" auto "why control" auto "meaning control" 1fr/minmax(0,1fr) 16rem;
gap:0 1.5rem;border-bottom:1px solid var(--line);padding:.55rem 0;flex-basis:100%}
.switch .field{display:contents}.switch label{grid-area:name;font-size:1rem;font-weight:600;color:var(--ink)}
.switch .meaning{grid-area:meaning;color:var(--quiet)}.switch .bad{grid-area:why}
.switch input,.switch select{grid-area:control;align-self:center}
fieldset{border:0;padding:0;margin:0;flex-basis:100%}legend{padding:0;margin-bottom:.4rem}
fieldset .inside{display:flex;flex-wrap:wrap;gap:.7rem 1rem}
@media(max-width:40rem){form>.field~button{margin-top:0}body{padding:.6rem .8rem 3rem}.field,.field.grow{flex:1 1 100%}
.switch{grid-template:"name" "meaning" "control" "why"/1fr}td{overflow-wrap:anywhere}
thead{position:absolute;left:-99rem}tr{display:block;border-bottom:1px solid var(--line);padding:.4rem 0}
td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;text-align:right}
td:empty{display:none}td::before{content:attr(data-label);color:var(--quiet);text-align:left;flex:none}}
"""

SCRIPT = """
setInterval(async()=>{
  const parts=[...document.querySelectorAll("[data-live]")];
  if(document.hidden||!parts.length)return;
  try{
    const answer=await fetch(document.body.dataset.page);
    if(!answer.ok)return;
    const page=new DOMParser().parseFromString(await answer.text(),"text/html");
    for(const part of parts){
      const fresh=page.getElementById(part.id),picked=getSelection();
      const busy=part.contains(document.activeElement)||(!picked.isCollapsed&&part.contains(picked.anchorNode));
      if(fresh&&!busy)part.replaceChildren(...fresh.childNodes);
    }
  }catch{}
},3000);
"""
