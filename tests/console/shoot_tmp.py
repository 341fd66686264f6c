import os, shutil, sys, pytest
from pathlib import Path
from playwright.sync_api import sync_playwright
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
from tests.console import factories as make, scene
OUT=Path("/tmp/shots"); OUT.mkdir(exist_ok=True)
ARGS="--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split()
ONLY=os.environ.get("ONLY","").split(",") if os.environ.get("ONLY") else None
PAGES={"overview":"/","orders":"/orders/","sorders":"/stores/acme-au/orders/","held":"/held/","order":"/stores/acme-au/orders/1000071/","complete":"/stores/acme-au/orders/1000012/","dispatch":"/stores/acme-au/orders/1000061/","store":"/stores/acme-au/","paused":"/stores/harbour-home/","params":"/stores/acme-au/parameters/","stock":"/stores/acme-au/stock/","nostock":"/stores/zen-nz/stock/","explain":"/stores/acme-au/explain/?number=abc","404":"/nothing/","nofit":"/orders/?q=zzzz"}
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_shoot(live_server):
    scene.seed(); make.person("anna","integrator"); 
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path=shutil.which("chromium"),args=ARGS)
        for w,h,sch in ((1280,900,"light"),(360,780,"light"),(1280,900,"dark"),(360,780,"dark")):
            c=b.new_context(viewport={"width":w,"height":h},color_scheme=sch)
            pg=c.new_page(); pg.on("console",lambda m:print(m.type,m.text)); pg.on("pageerror",lambda e:print("ERR",e))
            pg.goto(live_server.url+"/login/")
            if not ONLY or "login" in ONLY: pg.screenshot(path=str(OUT/f"login-{w}-{sch}.png"))
            pg.fill("#id_username","anna"); pg.fill("#id_password",make.PASSWORD); pg.click("button"); pg.wait_for_url(live_server.url+"/")
            for n,u in PAGES.items():
                if ONLY and n not in ONLY: continue
                if sch=="dark" and n not in ("overview","order","held","params","stock"): continue
                pg.goto(live_server.url+u)
                sw=pg.evaluate("document.documentElement.scrollWidth")
                if sw>w: print("SCROLL",n,w,sw)
                pg.screenshot(path=str(OUT/f"{n}-{w}-{sch}.png"),full_page=True)
            c.close()
        b.close()
