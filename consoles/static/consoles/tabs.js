// On a narrow screen the row of an app's pages scrolls: show the one that is open.
document.querySelector(".console-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
