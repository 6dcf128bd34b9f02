"""What a browser measures: text outside its picture or the page, cut, too small or too large, upon
other text; a picture that shows never or twice."""

CLIPPED = """() => {
  const found = [], wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide + 1) found.push('page scrolls sideways');
  for (const svg of document.querySelectorAll('svg')) {
    if (!svg.getBoundingClientRect().width) continue;
    const box = svg.viewBox.baseVal, place = svg.closest('figure')?.id, texts = [...svg.querySelectorAll('text')];
    const scale = svg.getBoundingClientRect().width / box.width;
    for (const one of texts) {
      const r = one.getBBox(), size = scale * Number(one.getAttribute('font-size'));
      if (size < 11.5 || size > 17) found.push(`${place}: ${size.toFixed(1)} px: ${one.textContent}`);
      if (one.textContent.endsWith('…')) found.push(`${place}: cut: ${one.textContent}`);
      if (r.x < -1 || r.x + r.width > box.width + 1 || r.y < -2 || r.y + r.height > box.height + 2) {
        found.push(`${place}: outside: ${one.textContent}`);
      }
    }
    const boxes = texts.map((one) => [one.textContent, one.getBoundingClientRect()]);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const a = boxes[i][1], b = boxes[j][1];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 4) found.push(`${place}: ${boxes[i][0]} upon ${boxes[j][0]}`);
    }
  }
  for (const figure of document.querySelectorAll('figure')) {
    const drawn = [...figure.querySelectorAll('svg')], seen = drawn.filter((svg) => svg.getBoundingClientRect().width);
    if (drawn.length && figure.getBoundingClientRect().width && seen.length !== 1) {
      found.push(`${figure.id}: ${seen.length} of ${drawn.length} drawings show`);
    }
  }
  for (const one of document.querySelectorAll('select')) {
    if (one.getBoundingClientRect().width && one.clientWidth < 44) found.push(`select of ${one.clientWidth} px`);
  }
  for (const one of document.querySelectorAll('p,td,th,li,button,a,label,summary,span,figcaption')) {
    const shown = one.textContent.trim() && one.getBoundingClientRect().width;
    if (shown && parseFloat(getComputedStyle(one).fontSize) < 12) found.push(`small: ${one.textContent.slice(0, 40)}`);
  }
  for (const one of document.querySelectorAll('h1,h2,h3,p,td,th,li,button,a,label,input,select,summary')) {
    const r = one.getBoundingClientRect();
    if (!r.width || one.closest('.scroll') || one.closest('.skip')) continue;
    if (r.right > wide + 1 || r.left < -1) found.push(`${one.tagName} outside: ${one.textContent.slice(0, 60)}`);
  }
  for (const one of document.querySelectorAll('.num,h1,h2,h3,p,td,th,label,button,.btn,summary')) {
    if (!one.clientWidth || one.closest('.scroll,.skip') || one.querySelector('input,select')) continue;
    if (one.scrollWidth > one.clientWidth + 1) found.push(`${one.tagName} spills: ${one.textContent.slice(0, 60)}`);
  }
  return found;
}"""
