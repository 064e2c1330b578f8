select * from internal.named_events where seq > $after and seq <= $to
