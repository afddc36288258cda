// Keeps what is typed into a form on the server, in case the browser is closed, and says who else
// has the page open. Without this script nothing is kept until it is saved.
"use strict";

{
  const PAUSE = 3000;
  const ATTEND = 20000;
  // A browser sends no more than this once the page is being left.
  const FAREWELL = 60000;
  const form = document.getElementById("desk-form");
  const notices = document.getElementById("colleagues");
  const line = document.getElementById("kept");
  const field = (name) => form.querySelector(`input[name="${name}"]`);
  let sent = "";
  let timer = 0;
  let leaving = false;

  const said = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  };

  const show = (sentences) => {
    const now = [...notices.children].map((notice) => notice.textContent);
    if (now.join("\n") === sentences.join("\n")) return;
    notices.replaceChildren(
      ...sentences.map((sentence) => {
        const notice = document.createElement("p");
        notice.className = "notice";
        notice.textContent = sentence;
        return notice;
      }),
    );
  };

  const post = async (address, body, keepalive = false) => {
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        body,
        keepalive,
        headers: {
          "Content-Type": "application/x-www-form-urlencoded",
          "X-CSRFToken": field("csrfmiddlewaretoken").value,
          Accept: "application/json",
        },
      });
    } catch {
      if (!leaving) show([notices.dataset.unreachable]);
      return null;
    }
    const json = answer.headers.get("Content-Type") === "application/json";
    if (answer.ok && json) return answer.json();
    if (answer.status === 403 && !leaving) await renew();
    else if (answer.status === 401) show([notices.dataset.signedOut]);
    return null;
  };

  // The token ends when its writer signs in anew, in another window.
  const renew = async () => {
    const answer = await fetch(notices.dataset.attend, { headers: { Accept: "application/json" } });
    const json = answer.headers.get("Content-Type") === "application/json";
    if (answer.ok && json && !answer.redirected) {
      field("csrfmiddlewaretoken").value = (await answer.json()).token;
    } else {
      show([notices.dataset.signedOut]);
    }
  };

  const keep = async (keepalive = false) => {
    clearTimeout(timer);
    timer = 0;
    const text = said();
    if (leaving || text === sent || (keepalive && text.length > FAREWELL)) return;
    const answer = await post(notices.dataset.keep, text, keepalive);
    if (!answer) return;
    if (answer.kept) {
      sent = text;
      line.textContent = answer.kept;
    } else {
      // This form was saved already and then opened again by going back: it begins anew.
      field("opening").value = `${Date.now()}-${Math.random()}`;
      await keep(keepalive);
    }
  };

  const attend = async () => {
    if (document.visibilityState === "hidden") return;
    const answer = await post(
      notices.dataset.attend,
      new URLSearchParams({ version: field("version").value }).toString(),
    );
    if (!answer) return;
    field("csrfmiddlewaretoken").value = answer.token;
    show(answer.notices);
  };

  const later = () => {
    if (!timer) timer = setTimeout(keep, PAUSE);
  };

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) keep(true);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    sent = said();
    attend();
  });
  setInterval(attend, ATTEND);
}
