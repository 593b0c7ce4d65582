package postern.policies.a.b

deny contains "x" if http.send({"method": "get", "url": input.model}).status_code == 200

warn contains "y" if time.now_ns() > 0

warn contains "z" if count(regex.split("a+", input.model)) > 1
