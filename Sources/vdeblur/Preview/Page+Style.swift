/// How the page looks and moves.
extension Page {
  static let style = """
    :root {
      --paper: #fbfaf8; --ink: #1d1d1f; --faint: #6b6b70; --rule: #d9d7d2; --plate: #fff;
      --motion: #1b6ca8; --change: #b3541e; --cut: #8a8a90;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #17181a; --ink: #ececee; --faint: #a0a0a6; --rule: #3a3b3f; --plate: #1f2023;
        --motion: #6cb4ee; --change: #f0975a; --cut: #85868c;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 1312px; margin: 0 auto; padding: 24px 16px 48px; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; }
    h3 { font-size: .95rem; font-weight: 600; margin: 1rem 0 .4rem; }
    p { margin: 0 0 .6rem; max-width: 46rem; }
    .summary:first-of-type { font-size: 1.1rem; }
    .hint, footer, section > p { color: var(--faint); font-size: .9rem; }
    footer { margin-top: 3rem; border-top: 1px solid var(--rule); padding-top: .75rem; overflow-wrap: anywhere; }
    a { color: inherit; }

    .pair { --place: 50%; position: relative; width: 100%; overflow: hidden; border-radius: 6px; background: #000;
      touch-action: pan-y; cursor: ew-resize; user-select: none; -webkit-user-select: none; }
    .pair figure { margin: 0; position: absolute; inset: 0; }
    .pair img { display: block; width: 100%; height: 100%; }
    .detail img { image-rendering: pixelated; }
    .pair .after { clip-path: inset(0 0 0 var(--place)); }
    .pair .before { clip-path: inset(0 calc(100% - var(--place)) 0 0); }
    .pair figcaption { position: absolute; top: 8px; padding: 1px 8px; border-radius: 4px; background: #111c; color: #fff;
      font-size: .8rem; pointer-events: none; }
    .before figcaption { left: 8px; }
    .after figcaption { right: 8px; }
    .box { position: absolute; border: 1.5px solid #fff; box-shadow: 0 0 0 1px #0008; pointer-events: none; }
    .line { position: absolute; top: 0; bottom: 0; left: var(--place); width: 2px; margin-left: -1px; background: #fff;
      box-shadow: 0 0 3px #000; pointer-events: none; }
    .line::after { content: "\\2194"; position: absolute; top: 50%; left: 50%; width: 36px; height: 36px; margin: -18px;
      border-radius: 50%; background: #fff; color: #222; font: 22px/34px sans-serif; text-align: center;
      box-shadow: 0 1px 4px #0008; }
    .pair input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; pointer-events: none; }
    .pair:focus-within { outline: 3px solid var(--motion); outline-offset: 2px; }

    .timeline { margin: 1.25rem 0 1.5rem; }
    .panel { display: grid; grid-template-columns: 2.6rem 1fr; margin-top: .5rem; }
    .panel h3 { grid-column: 1 / -1; margin: 0 0 .3rem; color: var(--faint); }
    .scale, .times { position: relative; color: var(--faint); font-size: .75rem; }
    .scale span { position: absolute; right: .5rem; transform: translateY(-50%); }
    .times { height: 1.4rem; margin-left: 2.6rem; }
    .times span { position: absolute; top: .15rem; transform: translateX(-50%); }
    .plot { position: relative; height: 110px; background: var(--plate); border: 1px solid var(--rule); }
    .plot svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
    .plot polyline, .plot line { fill: none; vector-effect: non-scaling-stroke; stroke-width: 1.5px; }
    .plot .grid { stroke: var(--rule); stroke-width: 1px; }
    .plot .cut { stroke: var(--cut); stroke-width: 1px; stroke-dasharray: 3 3; }
    .plot .limit { stroke: var(--ink); stroke-width: 1px; stroke-dasharray: 1 3; }
    .plot .motion { stroke: var(--motion); }
    .plot .change { stroke: var(--change); }
    .plot a { position: absolute; width: 22px; height: 22px; margin: -11px; border-radius: 50%; background: var(--change);
      color: var(--paper); font-size: .75rem; line-height: 22px; text-align: center; text-decoration: none; font-weight: 600; }
    .plot a:focus-visible { outline: 3px solid var(--motion); }

    @media print {
      :root { --paper: #fff; --ink: #000; --faint: #444; --rule: #bbb; --plate: #fff; --motion: #1b6ca8; --change: #b3541e; }
      .hint, .line, .box { display: none; }
      .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; aspect-ratio: auto !important; max-width: 100% !important;
        background: none; overflow: visible; }
      .pair figure { position: relative; clip-path: none !important; }
      .pair input { display: none; }
      .after figcaption { left: 8px; right: auto; }
      section { break-inside: avoid; }
    }

    """

  static let script = """
    for (const pair of document.querySelectorAll('.pair')) {
      const slider = pair.querySelector('input');
      const show = () => pair.style.setProperty('--place', slider.value + '%');
      const move = event => {
        const box = pair.getBoundingClientRect();
        slider.value = 100 * (event.clientX - box.left) / box.width;
        show();
      };
      slider.addEventListener('input', show);
      let isDragged = false;
      pair.addEventListener('pointerdown', event => {
        if (event.button > 0) return;
        isDragged = true;
        // A finger may be about to scroll the page: then the browser cancels, and the line stays where it was.
        if (event.pointerType !== 'touch') move(event);
        slider.focus({ preventScroll: true });
        event.preventDefault();
        pair.setPointerCapture(event.pointerId);
      });
      pair.addEventListener('pointermove', event => { if (isDragged) move(event); });
      pair.addEventListener('pointerup', event => { if (isDragged) move(event); isDragged = false; });
      pair.addEventListener('pointercancel', () => { isDragged = false; });
      show();
    }

    """
}
