// On a narrow screen the rooms stand in one line: the one that is open is in sight.
const open = document.querySelector(".rooms [aria-current]");
const line = open?.closest("nav");
if (line && line.scrollWidth > line.clientWidth) line.scrollLeft = open.offsetLeft - line.offsetLeft - (line.clientWidth - open.offsetWidth) / 2;
